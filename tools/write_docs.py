"""Write the pages under docs/reference from the code they describe.

`--check` writes nothing and fails when a page is out of step.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperArgument, TyperGroup, TyperOption

from bedrot.contracts import custom_properties
from bedrot.contracts.custom_properties import CustomPropertyDefinition
from bedrot.contracts.model import Column, Contract
from bedrot.contracts.reading import read_contract

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
NOTICE = "<!-- Written by `make docs`. Change the code that it describes, not this page. -->"


def cell(text: object) -> str:
    """Text as it may stand in a cell of a Markdown table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> list[str]:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return [f"| {' | '.join(cell(value) for value in line)} |" for line in lines] + [""]


def all_commands(group: TyperGroup, path: str) -> Iterator[tuple[str, Any]]:
    """Every command below a group, with its full name, in the order of the help."""
    for name, command in group.commands.items():
        if command.hidden:
            continue
        if hasattr(command, "commands"):
            yield from all_commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def parameter_row(parameter: TyperArgument | TyperOption) -> tuple[str, str]:
    """How a parameter is written, and what it says of itself."""
    if parameter.param_type_name == "argument":
        written = parameter.metavar or (parameter.name or "").upper()
        return f"`{written}`", parameter.help or ""
    written = ", ".join(f"`{name}`" for name in [*parameter.opts, *parameter.secondary_opts])
    variable = f" (`{parameter.envvar}`)" if parameter.envvar else ""
    return written, f"{parameter.help or ''}{variable}"


def commands_page() -> Iterator[str]:
    """The command line, from its own help."""
    from bedrot.cli.main import app

    root = typer.main.get_command(app)
    yield "# Commands\n"
    yield inspect.cleandoc(root.help or "") + "\n"
    for name, command in all_commands(root, "bedrot"):
        yield f"## `{name}`\n"
        yield inspect.cleandoc(command.help or "").replace("\b\n", "").replace("\f", "") + "\n"
        rows = [
            parameter_row(parameter) for parameter in command.params if parameter.name != "help"
        ]
        if rows:
            yield from table(("", "what it does"), rows)


def contracts() -> list[Contract]:
    """Every contract of the package, by table."""
    paths = (ROOT / "src" / "bedrot").rglob("*.odcs.yaml")
    read = (read_contract(p.read_text(encoding="utf-8"), name=p.name) for p in paths)
    return sorted(read, key=lambda contract: (contract.kind == "mart", contract.table))


def column_row(column: Column) -> tuple[object, ...]:
    """One line of the data dictionary."""
    headers = ", ".join(f"`{alias}`" for alias in column.header_aliases)
    needed = "yes" if column.required else ""
    text = column.description
    return f"`{column.name}`", column.sql_type, needed, column.unit or "", text, headers


def tables_page() -> Iterator[str]:
    """The data dictionary, from the contracts."""
    yield "# Tables\n"
    for contract in contracts():
        yield f"## `{contract.table}`\n"
        yield f"{contract.description}\n"
        key = ", ".join(f"`{name}`" for name in contract.key) or "none"
        partition = f"`{contract.partition}`" if contract.partition else "none"
        yield f"Kind: {contract.kind}. Key: {key}. Partition: {partition}. Version {contract.version}.\n"
        head = ("column", "type", "required", "unit", "meaning", "headers in exports")
        yield from table(head, [column_row(column) for column in contract.columns])
        if contract.rules:
            rules = [(f"`{r.name}`", r.severity, r.description) for r in contract.rules]
            yield from table(("rule", "severity", "meaning"), rules)


def property_rows(known: Mapping[str, CustomPropertyDefinition]) -> list[tuple[object, ...]]:
    """The lines of one list of custom properties."""
    return [(f"`{name}`", entry.shape, entry.description) for name, entry in known.items()]


def properties_page() -> Iterator[str]:
    """What we add to the contract standard."""
    yield "# Custom properties of contracts\n"
    yield "A contract is Open Data Contract Standard 3.1. Under `customProperties` it may say:\n"
    head = ("property", "shape", "meaning")
    yield "## Of a table\n"
    yield from table(head, property_rows(custom_properties.CONTRACT_PROPERTIES))
    yield "## Of a column\n"
    yield from table(head, property_rows(custom_properties.COLUMN_PROPERTIES))


def settings_page() -> Iterator[str]:
    """The settings, from their model."""
    from bedrot.settings import Settings

    prefix = Settings.model_config.get("env_prefix", "").upper()
    yield "# Settings\n"
    yield f"{inspect.cleandoc(Settings.__doc__ or '')}\n"
    rows: list[tuple[object, ...]] = []
    for name, field in Settings.model_fields.items():
        default = "" if field.is_required() or field.default is None else f"`{field.default}`"
        rows.append((f"`{prefix}{name.upper()}`", default, field.description or ""))
    yield from table(("variable", "default", "meaning"), rows)


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "commands.md": commands_page,
    "contract-properties.md": properties_page,
    "settings.md": settings_page,
    "tables.md": tables_page,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` compare them."""
    stale = []
    for name, page in PAGES.items():
        text = "\n".join([NOTICE, "", *page()]).rstrip() + "\n"
        path = FOLDER / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    if "--check" in arguments and stale:
        print(f"out of step with the code: {', '.join(stale)}; run `make docs`")
        return 1
    print(f"docs/reference: {len(PAGES)} pages, {len(stale)} {'written' if stale else 'changed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
