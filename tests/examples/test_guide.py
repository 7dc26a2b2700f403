"""The guide is true: what it shows stands in the example, and the command makes what it says."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest
import typer

from bedrot.cli.main import app
from bedrot.scaffold.naming import NewSource, new_source
from bedrot.scaffold.writing import (
    NewFile,
    Place,
    new_files,
    place_in_checkout,
    place_of_its_own,
)

FOLDER = Path(__file__).parent
EXAMPLE = FOLDER / "acme"
SOURCE = EXAMPLE / "src" / "bedrot_acme"
GUIDE = FOLDER.parents[1] / "docs" / "guides" / "add-a-source.md"
TEXT = GUIDE.read_text("utf-8")
SHOWN = re.findall(r"^`(\S+\.\w+)`:\n\n```\w+\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
TREES = [text for language, text in BLOCKS if not language]
COMMANDS = re.findall(r"(?:^|`|uv run )bedrot ([a-z][^`\n]*)", TEXT, re.MULTILINE)
ACME = new_source("acme", title=None, stream=None, kind="ledger", taken=())


def made(place: Place, source: NewSource = ACME) -> dict[str, NewFile]:
    files = new_files(source, place, version="0.1.0")
    return {file.path.as_posix(): file for file in files}


def in_example(path: str) -> str:
    places = [folder / path for folder in (SOURCE, EXAMPLE / "tests", EXAMPLE)]
    return next(place for place in places if place.is_file()).read_text(encoding="utf-8")


@pytest.mark.parametrize(("path", "shown"), SHOWN, ids=[path for path, _ in SHOWN])
def test_a_piece_of_the_guide_stands_in_the_example(path: str, shown: str) -> None:
    assert shown in in_example(path)


def test_the_guide_shows_every_step() -> None:
    assert len({path for path, _ in SHOWN}) == 6


def test_every_link_of_the_guide_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", TEXT)
    assert [link for link in links if not (GUIDE.parent / link).exists()] == []


@pytest.mark.parametrize("words", [command.split() for command in COMMANDS], ids=" ".join)
def test_every_command_of_the_guide_exists_with_its_options(words: list[str]) -> None:
    commands: Any = typer.main.get_command(app)
    options = {option for one in commands.commands[words[0]].params for option in one.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_the_folders_that_the_guide_draws_are_those_that_are_made(tmp_path: Path) -> None:
    in_checkout, of_its_own = (set(drawn(tree)) for tree in TREES)
    assert in_checkout == set(made(place_in_checkout(ACME, tmp_path)))
    assert of_its_own == {f"acme/{path}" for path in made(place_of_its_own(ACME, tmp_path))}


def drawn(tree: str) -> Iterator[str]:
    """The files of a drawn tree; what does not end in a slash is one."""
    folder = ""
    for line in tree.splitlines():
        name = line.split()[0]
        if name.endswith("/"):
            folder = name
        else:
            yield folder + name


def test_the_example_is_what_is_made_with_headers_of_its_own(tmp_path: Path) -> None:
    files = made(place_of_its_own(ACME, tmp_path))
    held = {
        path.relative_to(EXAMPLE).as_posix()
        for path in EXAMPLE.rglob("*")
        if path.is_file() and not {"__pycache__", ".ruff_cache", ".pytest_cache"} & set(path.parts)
    }
    assert held == set(files)
    changed = {path: changed_lines(file) for path, file in files.items()}
    headers = {path: set(file.header_lines) for path, file in files.items()}
    status = {6, 7}
    assert {path: lines - headers[path] for path, lines in changed.items() if lines} == {
        "src/bedrot_acme/contracts/sales.odcs.yaml": status,
        "src/bedrot_acme/__init__.py": {1},
        "src/bedrot_acme/synthetic.py": set(),
        "src/bedrot_acme/README.md": {5, 7, 8, 9, 10},
    }
    assert all(headers[path] <= lines for path, lines in changed.items())


def changed_lines(file: NewFile) -> set[int]:
    """The lines of a made file, from 1, that the example does not have as they are."""
    old = file.text.splitlines()
    new = (EXAMPLE / file.path).read_text(encoding="utf-8").splitlines()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    changes = [op for op in matcher.get_opcodes() if op[0] != "equal"]
    return {line + 1 for _, first, last, _, _ in changes for line in range(first, last)}
