"""A throwaway lake: open it, hand it exports, run it, and read what it published."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bedrot.app import create_lake
from bedrot.catalog import index
from bedrot.catalog.records import Decision
from bedrot.pipeline.bringing import Imported, Stated
from bedrot.pipeline.importing import import_paths
from bedrot.pipeline.reading import query, reading
from bedrot.pipeline.running import run
from bedrot.zones import journal

if TYPE_CHECKING:
    import duckdb

    from bedrot.catalog.records import RunRecord
    from bedrot.testing.ledgers import Export
    from bedrot.zones.lake import Lake

NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""The time of everything that happens in a throwaway lake."""

INPUTS = ("landing", "raw", "decisions", "lake.toml", "aliases.toml")
"""All that the tables of a lake are made from."""


@contextmanager
def throwaway_lake(folder: Path) -> Iterator[Lake]:
    """A lake in a folder, made if there is none yet; its catalogue is closed at the end."""
    lake, _ = create_lake(folder)
    try:
        yield lake
    finally:
        lake.catalog.dispose()


def bring_in(lake: Lake, *exports: Export, as_of: datetime | None = None) -> list[Imported]:
    """Import exports one by one, as files of a folder `inbox`."""
    outcomes: list[Imported] = []
    with TemporaryDirectory() as folder:
        for export in exports:
            path = Path(folder, "inbox", export.name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(export.content)
            stated = Stated(account_id=export.account_id, as_of=as_of)
            outcomes += import_paths(lake, [path], stated=stated, now=lambda: NOW)
            path.unlink()
    return outcomes


def run_lake(lake: Lake) -> RunRecord:
    """One run."""
    return run(lake, clock=_clock(lake)).record


def rebuild_lake(lake: Lake) -> RunRecord:
    """A run that forgets all it knows and computes everything again from raw."""
    return run(lake, clock=_clock(lake), command="rebuild", afresh=True).record


def _clock(lake: Lake) -> Callable[[], datetime]:
    """A second passes between two runs, so that it is told which one is newer."""
    now = NOW + timedelta(seconds=sum(1 for _ in journal.run_records(lake)))
    return lambda: now


def publish(lake: Lake, *exports: Export) -> list[Imported]:
    """Import exports and run."""
    outcomes = bring_in(lake, *exports)
    run_lake(lake)
    return outcomes


def decide(lake: Lake, kind: str, file_id: str, *codes: str, at: datetime = NOW) -> None:
    """Record a person's decision about a file."""
    decision = Decision(kind=kind, file_id=file_id, decided_at=at, codes=codes, reason="a test")
    journal.record_decision(lake, decision)


def rows_of(lake: Lake, sql: str) -> list[dict[str, Any]]:
    """What a query over the newest lake release answers."""
    return list(query(lake, sql).to_pylist())


def net(lake: Lake, where: str = "true", table: str = "fct_royalty_line") -> Decimal:
    """The exact published sum of `net_usd`; 0 where no row is."""
    told = rows_of(lake, f"select sum(net_usd) as net from {table} where {where}")[0]["net"]
    return Decimal(told or 0)


def lines_count(lake: Lake, where: str = "true") -> int:
    """How many royalty lines are published."""
    return int(rows_of(lake, f"select count(*) as n from fct_royalty_line where {where}")[0]["n"])


def restatements(lake: Lake) -> list[tuple[Decimal, Decimal, bool]]:
    """Old amount, new amount and whether it is a conflict, in the order of time."""
    rows = rows_of(
        lake,
        "select old_amount, new_amount, is_conflict from stg_distrokid__earnings_restatements "
        "order by as_of, old_amount, new_amount",
    )
    return [(row["old_amount"], row["new_amount"], row["is_conflict"]) for row in rows]


def contents(lake: Lake) -> Mapping[str, str]:
    """A hash of every table of the newest lake release: all values and where each row comes from.

    Only the time at which a payload landed is left out. It is computed from what a reader gets,
    by other means than the lake's own content hashes.
    """
    release = journal.latest_release(lake)
    if release is None:
        return {}
    # One session for all: a session for each of a hundred tables takes longer than a run.
    with reading(lake, release) as con:
        return {name: _hash_of(con, name) for name in release.tables}


def _hash_of(con: duckdb.DuckDBPyConnection, table: str) -> str:
    rows = [
        repr(sorted((name, str(value)) for name, value in row.items() if name != "landed_at"))
        for row in con.sql(f'select * from "{table}"').to_arrow_table().to_pylist()
    ]
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()[:16]


def versions(lake: Lake) -> Mapping[str, int]:
    """The version of every table of the newest lake release."""
    release = journal.latest_release(lake)
    tables = {} if release is None else release.tables
    return {name: int(told["version"]) for name, told in tables.items()}


def lineage(lake: Lake) -> list[tuple[str, int, str]]:
    """Payload, record and time of every published line, sorted."""
    rows = rows_of(
        lake,
        "select _file_id, _row, cast(as_of as varchar) as as_of from fct_royalty_line order by all",
    )
    return [(row["_file_id"], row["_row"], row["as_of"]) for row in rows]


def standings_of(lake: Lake, file_id: str) -> Mapping[str, str]:
    """Code and status of what the newest run, or the gate, says of a file."""
    return {s.code: s.status for s in index.standings(lake.catalog) if s.file_id == file_id}


def copy_inputs(lake_folder: Path, target: Path) -> None:
    """Make a folder that has a lake's inputs and nothing that can be made from them."""
    target.mkdir(parents=True)
    for name in INPUTS:
        source = lake_folder / name
        if source.is_dir():
            shutil.copytree(source, target / name)
        elif source.exists():
            shutil.copy2(source, target / name)
