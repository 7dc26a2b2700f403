"""Commands that tell what can be asked: `tables` and `describe`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedrot.cli.options import AtOption, JsonOption, LakeOption
from bedrot.cli.output import UNKNOWN, cell, print_json, print_table, progress, say
from bedrot.errors import UnknownNameError

if TYPE_CHECKING:
    from bedrot.catalog.records import Release
    from bedrot.contracts.model import Contract
    from bedrot.zones.lake import Lake


def tables(
    *,
    lake: LakeOption = None,
    at: AtOption = None,
    hashes: Annotated[
        bool,
        typer.Option("--hashes", help="Also the content hash of each table, which reads it all."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the tables of the newest lake release.

    Two tables of equal content have equal hashes, on any machine.

    Examples:
      bedrot tables
      bedrot tables --at 1 --hashes --json
    """
    from bedrot.app import open_lake
    from bedrot.pipeline.reading import release_at

    opened = open_lake(lake)
    release = release_at(opened, at)
    promises = _promises()
    digests = _hashes(opened, release, promises) if hashes else {}
    told = [
        {
            "table": name,
            "zone": entry["zone"],
            "rows": entry["rows"],
            "version": entry["version"],
            **({"content_hash": digests.get(name)} if hashes else {}),
            "definition_id": entry["definition_id"],
            "description": _description(promises.get(name)),
        }
        for name, entry in sorted(release.tables.items(), key=_by_zone)
    ]
    if as_json:
        print_json({"release": release.number, "created_at": release.created_at, "tables": told})
        return
    shown = [name for name in (told[0] if told else {}) if name != "definition_id"]
    print_table(
        f"lake release {release.number}, published {cell(release.created_at)}",
        [name.replace("_", " ") for name in shown],
        [[entry[name] for name in shown] for entry in told],
    )
    say('next: `bedrot describe TABLE`, or `bedrot sql "select * from TABLE limit 10"`')


def _hashes(lake: Lake, release: Release, promises: dict[str, _Promise]) -> dict[str, str]:
    """The content hash of every table whose contract this version knows."""
    from bedrot.pipeline.payloads import session
    from bedrot.zones.tables import content_hash, partition_digests

    found = {}
    with session(lake) as con, progress() as drawn:
        for number, (name, entry) in enumerate(release.tables.items()):
            drawn.step(f"hash {name}", number, len(release.tables))
            if name in promises:
                contract = promises[name].contract
                digests = partition_digests(con, lake, entry["zone"], contract, entry["version"])
                found[name] = content_hash(digests)
    return found


def _by_zone(item: tuple[str, Any]) -> tuple[str, str]:
    name, entry = item
    return str(entry["zone"]), name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Promise:
    """A table's contract, with the words that only its file holds."""

    contract: Contract
    text: str = ""

    @property
    def words(self) -> dict[str, str]:
        """`purpose`, `usage` and `limitations`, as far as they are written."""
        import yaml

        told = (yaml.safe_load(self.text) or {}).get("description") or {}
        return {name: str(value).strip() for name, value in told.items()}


def _promises() -> dict[str, _Promise]:
    """What every table that this version makes promises."""
    from bedrot.marts import all_marts
    from bedrot.merge.kinds import restatement_contract
    from bedrot.pipeline.identity import configured_tables
    from bedrot.pipeline.running import all_streams

    found: dict[str, _Promise] = {}
    for stream in all_streams():
        file = stream.folder.joinpath("contracts", f"{stream.name}.odcs.yaml")
        found[stream.table] = _Promise(
            contract=stream.contract, text=file.read_text(encoding="utf-8")
        )
        restated = restatement_contract(stream.contract)
        found[restated.table] = _Promise(contract=restated)
    for one in configured_tables():
        found[one.table] = _Promise(contract=one.contract, text=one.contract_text)
    for mart in all_marts():
        found[mart.table] = _Promise(contract=mart.contract, text=mart.contract_text)
    return found


def _description(promise: _Promise | None) -> str | None:
    if promise is None:
        return None
    return promise.words.get("purpose") or promise.contract.description


def describe(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="A table, as `tables` lists it.")],
    *,
    lake: LakeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what a table promises: its purpose, grain, columns and rules.

    Examples:
      bedrot describe fct_royalty_line
      bedrot describe rpt_revenue_monthly --json
    """
    from bedrot.app import is_lake, lake_path, open_lake
    from bedrot.zones import journal

    promises = _promises()
    if table not in promises:
        msg = f"there is no table `{table}`"
        raise UnknownNameError(msg, next_step=f"the tables are: {', '.join(sorted(promises))}")
    path = lake_path(lake)
    release = journal.latest_release(open_lake(path)) if is_lake(path) else None
    entry = release.tables.get(table) if release else None
    if as_json:
        print_json(
            {**_contract_document(promises[table]), "rows": entry["rows"] if entry else None}
        )
    else:
        _say_contract(promises[table], entry["rows"] if entry else None)


def _contract_document(promise: _Promise) -> dict[str, Any]:
    contract, words = promise.contract, promise.words
    properties = contract.properties
    return {
        "table": contract.table,
        "id": contract.id,
        "version": contract.version,
        "status": contract.status,
        "kind": contract.kind,
        "owner": contract.owner,
        "purpose": words.get("purpose"),
        "grain": contract.description,
        "usage": words.get("usage"),
        "limitations": words.get("limitations"),
        "key": contract.key or properties.get("businessKey", ()),
        "partition": contract.partition,
        "freshness_days": properties.get("freshnessDays"),
        "explained_by": contract.explained_by,
        "columns": [
            {
                "name": column.name,
                "type": column.sql_type,
                "logical_type": column.logical_type,
                "unit": column.unit,
                "required": column.required,
                "classification": column.classification,
                "description": column.description,
                "header_aliases": column.header_aliases,
                "header_needed": column.header_needed,
                "is_bookkeeping": column.is_bookkeeping,
                "is_ratio": column.is_ratio,
            }
            for column in contract.columns
        ],
        "rules": [
            {
                "name": rule.name,
                "severity": rule.severity,
                "description": rule.description,
                "failing_rows_sql": rule.sql,
            }
            for rule in contract.rules
        ],
    }


def _say_contract(promise: _Promise, rows: int | None) -> None:
    contract, words = promise.contract, promise.words
    properties = contract.properties
    say(f"{contract.table} ({contract.kind}, version {contract.version})", style="bold")
    if "purpose" in words:
        say(words["purpose"])
    say(f"grain: {contract.description}")
    for name in ("usage", "limitations"):
        if name in words:
            say(f"{name}: {words[name]}")
    key = contract.key or properties.get("businessKey", ())
    if key:
        say(f"{'key' if contract.key else 'business key'}: {', '.join(key)}")
    if contract.partition:
        say(f"partition: {contract.partition}")
    days = properties.get("freshnessDays")
    say(f"freshness: {f'at most {days} days' if days is not None else UNKNOWN}")
    say(f"rows in the newest lake release: {cell(rows)}")
    say()
    print_table(
        None,
        ["column", "type", "unit", "required", "description", "headers in exports"],
        [
            [c.name, c.sql_type, c.unit, c.required, c.description, ", ".join(c.header_aliases)]
            for c in contract.columns
        ],
    )
    if contract.rules:
        say()
        print_table(
            None,
            ["rule", "severity", "description"],
            [[rule.name, rule.severity, rule.description] for rule in contract.rules],
        )
    say(f"next: `bedrot lineage {contract.table}`")
