"""Explaining a number: from a cell down to the records it is made of, and who brought them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bedrot.catalog import index
from bedrot.contracts.schema import duckdb_types
from bedrot.engine.quoting import quoted
from bedrot.engine.session import read_only
from bedrot.errors import IntegrityError, QueryError, RejectedPayloadError, UsageError
from bedrot.observe.progress import SILENT, Progress
from bedrot.pipeline.payloads import examine, session
from bedrot.pipeline.reading import reading, release_at
from bedrot.pipeline.timeline import as_of, sight, waived_codes
from bedrot.pipeline.tracing import contract_of, marts_by_table, streams_by_table
from bedrot.zones import journal
from bedrot.zones.parts import Profile, read_profile
from bedrot.zones.raw import raw_key, raw_path
from bedrot.zones.tables import open_table, scan_sql

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from bedrot.catalog.records import CaptureRecord, Release
    from bedrot.contracts.model import Contract
    from bedrot.extract.streams import Stream
    from bedrot.zones.lake import Lake

_RECORD = ("_file_id", "_row")
"""The columns that point at a record of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCapture:
    """One capture of a payload: who brought it, under which name, and when it was true."""

    capture_id: str
    name: str
    container: str | None
    account_id: str
    as_of: datetime | None
    as_of_from: str
    landed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """A file in raw: its header as it stands there, and all its captures, oldest first."""

    file_id: str
    stream: str
    header: str
    captures: tuple[SeenCapture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A typed row, and the record of a file that it was read from, as it stands there."""

    values: Mapping[str, Any]
    file_id: str
    row: int
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A column of money: what the cell says, and the plain sum over the rows beneath."""

    column: str
    cell: Decimal | None
    total: Decimal | None

    @property
    def adds_up(self) -> bool:
        """Whether both are the same amount, to the last digit."""
        return self.cell == self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The rows of one table that stand beneath an explained row.

    `is_reproduced` says whether the upper table's SQL over exactly these rows gives the upper
    rows again, in every column; None where another definition made them, so that it cannot.
    """

    table: str
    rows: int
    totals: tuple[Total, ...]
    is_reproduced: bool | None

    @property
    def adds_up(self) -> bool:
        """Whether the rows above are what these rows give."""
        if self.is_reproduced is not None:
            return self.is_reproduced
        return all(total.adds_up for total in self.totals)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedRow:
    """One row of the table, the levels beneath it, and the first of its records."""

    values: Mapping[str, Any]
    levels: tuple[Level, ...]
    line_count: int
    lines: tuple[Line, ...]

    @property
    def adds_up(self) -> bool:
        """Whether every level gives the one above."""
        return all(level.adds_up for level in self.levels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Rows of a table, explained. `matched` is how many rows there are; the first are here."""

    table: str
    release: int
    matched: int
    rows: tuple[ExplainedRow, ...]
    payloads: Mapping[str, Payload]

    @property
    def adds_up(self) -> bool:
        """Whether every row does."""
        return all(row.adds_up for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Descent:
    """A session with one temporary table for each level: `level_0` holds the rows explained.

    `chain` has the contract of each level, and `_cell` numbers the explained rows in all of them.
    """

    con: duckdb.DuckDBPyConnection
    lake: Lake
    release: Release
    chain: Sequence[Contract]

    def level(self, depth: int, cell: int | None) -> str:
        """What follows `from`: the rows of a level beneath one explained row, or beneath all."""
        return f"level_{depth}" + ("" if cell is None else f" where _cell = {cell}")

    def one(self, sql: str) -> tuple[Any, ...]:
        """The only row of a result."""
        return tuple(self.con.execute(sql).fetchall()[0])


def explain(  # noqa: PLR0913 - what is asked, of which release, and how much of it
    lake: Lake,
    table: str,
    condition: str,
    *,
    at: str | None = None,
    rows: int = 5,
    lines: int = 20,
    progress: Progress = SILENT,
) -> Explanation:
    """Explain the rows of a table that meet a condition, down to the records of files.

    At most `rows` rows are explained, each with at most `lines` of its records; counts and sums
    are always those of all.

    Raises:
        QueryError: the condition is no SQL condition on the table, or fails.
        UnknownNameError: there is no such table or lake release.
        UsageError: rows of this table do not stand for records.
        IntegrityError: a file that rows point at is not in raw.
    """
    release = release_at(lake, at)
    contract = contract_of(table)
    chain = _chain(contract)
    progress.step(f"find rows of {table}", 0, 3)
    matched, found = _matching(lake, release, table, condition, rows)
    cells = range(1, found.num_rows + 1)
    with session(lake) as con:
        descent = _Descent(con=con, lake=lake, release=release, chain=chain)
        con.register("found", found)
        names = ", ".join(quoted(column.name) for column in contract.columns)
        con.execute(
            f"create temp table level_0 as select row_number() over () as _cell, {names} from found"
        )
        progress.step(f"find what {table} is made of", 1, 3)
        for depth in range(len(chain) - 1):
            _descend(descent, depth)
        levels = _levels(descent, cells)
        pointing = _pointing(descent, cells, lines)
    progress.step("read records", 2, 3)
    stream = streams_by_table()[chain[-1].table]
    records, payloads = _from_files(
        lake, stream, [row for told in pointing.values() for row in told]
    )
    return Explanation(
        table=table,
        release=release.number,
        matched=matched,
        rows=tuple(
            ExplainedRow(
                values=values,
                levels=tuple(beneath),
                line_count=beneath[-1].rows if beneath else 1,
                lines=tuple(_line(row, records) for row in told),
            )
            for values, beneath, told in zip(
                found.to_pylist(), levels.values(), pointing.values(), strict=True
            )
        ),
        payloads=payloads,
    )


def _chain(contract: Contract) -> list[Contract]:
    """The table and all beneath it, down to the staging table whose rows stand for records."""
    chain = [contract]
    while chain[-1].table not in streams_by_table():
        below = chain[-1].properties.get("explainedBy")
        if below is None or any(below == above.table for above in chain):
            msg = f"rows of `{contract.table}` do not stand for records of files"
            raise UsageError(msg, next_step=f"`bedrot lineage {contract.table}` says what it is")
        chain.append(contract_of(below))
    return chain


def _matching(
    lake: Lake, release: Release, table: str, condition: str, limit: int
) -> tuple[int, pa.Table]:
    """How many rows meet a person's condition, and the first of them in a fixed order."""
    import duckdb

    select = read_only(f"select * from {quoted(table)} where ({condition}\n)")
    _refuse_more_than_condition(select)
    with reading(lake, release) as con:
        try:
            count = con.execute(f"select count(*) from ({select}) as matching").fetchall()[0][0]
            found = con.sql(f"{select} order by all limit {int(limit)}").to_arrow_table()
        except duckdb.Error as exc:
            msg = f"the condition failed: {str(exc).splitlines()[0]}"
            raise QueryError(
                msg, next_step=f"`bedrot describe {table}` lists the columns and their types"
            ) from exc
    return count, found


def _refuse_more_than_condition(select: str) -> None:
    """The text may close our parenthesis: what comes out must still be one condition."""
    import sqlglot
    from sqlglot import exp

    parsed = sqlglot.parse_one(select, dialect="duckdb")
    where = parsed.args.get("where")
    parts = {name.rstrip("_") for name, value in parsed.args.items() if value}
    is_condition = (
        isinstance(parsed, exp.Select)
        and parts <= {"expressions", "from", "where"}
        and where is not None
        and isinstance(where.this, exp.Paren)
    )
    if not is_condition:
        msg = "only a condition is taken, such as `sale_month = '2025-03'`"
        raise QueryError(msg, next_step="give what follows `where` in SQL, and nothing after it")


def _match_columns(upper: Contract, lower: Contract) -> list[str]:
    """The columns in which a row agrees with the rows beneath it.

    The record if both know it; else the upper table's key; else every column that both have.
    """
    beneath = {column.name for column in lower.columns}
    if all(name in beneath and name in {c.name for c in upper.columns} for name in _RECORD):
        return list(_RECORD)
    names = list(upper.key) or [column.name for column in upper.content_columns]
    shared = [name for name in names if name in beneath]
    if not shared:
        msg = f"`{upper.table}` and `{lower.table}` have no column in common"
        raise UsageError(msg, next_step=f"correct `explainedBy` in the contract of {upper.table}")
    return shared


def _descend(descent: _Descent, depth: int) -> None:
    """Leave the rows beneath those of one level as the next level."""
    upper, lower = descent.chain[depth : depth + 2]
    names = _match_columns(upper, lower)
    agree = " and ".join(
        f"below.{quoted(name)} is not distinct from above.{quoted(name)}" for name in names
    )
    keys = ", ".join(quoted(name) for name in names)
    columns = ", ".join(f"below.{quoted(column.name)}" for column in lower.columns)
    descent.con.execute(
        f"create temp table level_{depth + 1} as select above._cell, {columns} "
        f"from {_scan(descent.lake, descent.release, lower)} as below "
        f"join (select distinct _cell, {keys} from level_{depth}) as above on {agree}"
    )


def _scan(lake: Lake, release: Release, contract: Contract) -> str:
    told = release.tables.get(contract.table)
    delta = None
    if told is not None:
        delta = open_table(lake, told["zone"], contract.table, told["version"])
    if delta is None:
        msg = f"lake release {release.number} has no table `{contract.table}`"
        raise UsageError(msg, next_step="explain a later lake release")
    return scan_sql(delta, contract.partition)


def _levels(descent: _Descent, cells: Sequence[int]) -> dict[int, list[Level]]:
    """What stands beneath each explained row, level by level."""
    found: dict[int, list[Level]] = {cell: [] for cell in cells}
    for depth, (upper, lower) in enumerate(pairwise(descent.chain)):
        money = [name for name in _money(upper) if name in _money(lower)]
        above, below = (_sums(descent, place, money) for place in (depth, depth + 1))
        reproduced = _reproduced(descent, depth, cells)
        for cell in cells:
            rows, *made = below.get(cell, (0, *(None for _ in money)))
            found[cell].append(
                Level(
                    table=lower.table,
                    rows=rows,
                    totals=tuple(
                        Total(column=name, cell=told, total=total)
                        for name, told, total in zip(money, above[cell][1:], made, strict=True)
                    ),
                    is_reproduced=reproduced[cell],
                )
            )
    return found


def _sums(descent: _Descent, depth: int, money: Sequence[str]) -> dict[int, tuple[Any, ...]]:
    """Rows and sums of money of one level, by explained row."""
    sums = "".join(f", sum({quoted(name)})" for name in money)
    rows = descent.con.execute(
        f"select _cell, count(*){sums} from level_{depth} group by _cell"
    ).fetchall()
    return {row[0]: tuple(row[1:]) for row in rows}


def _reproduced(descent: _Descent, depth: int, cells: Sequence[int]) -> dict[int, bool | None]:
    """Whether the rows beneath each explained row give it again.

    Where no row stands beneath two of them, all are tried at once; only if that fails is every
    one tried alone.
    """
    keys = ", ".join(quoted(name) for name in _match_columns(*descent.chain[depth : depth + 2]))
    alone, together = descent.one(
        f"select (select count(*) from (select distinct _cell, {keys} from level_{depth})), "
        f"(select count(*) from (select distinct {keys} from level_{depth}))"
    )
    if alone == together:
        all_are = _is_reproduced(descent, depth, None)
        if all_are is not False:
            return dict.fromkeys(cells, all_are)
    return {cell: _is_reproduced(descent, depth, cell) for cell in cells}


def _money(contract: Contract) -> list[str]:
    return [
        column.name
        for column in contract.content_columns
        if column.sql_type.startswith("decimal") and column.unit == "USD"
    ]


def _is_reproduced(descent: _Descent, depth: int, cell: int | None) -> bool | None:
    """Whether the upper table's SQL over the rows beneath gives the upper rows again."""
    upper, lower = descent.chain[depth : depth + 2]
    mart = marts_by_table()[upper.table]
    if descent.release.tables[upper.table]["definition_id"] != mart.definition_id:
        return None
    for name in mart.inputs:
        source = descent.level(depth + 1, cell)
        if name != lower.table:
            source = _scan(descent.lake, descent.release, contract_of(name))
        descent.con.execute(f"create or replace temp view {quoted(name)} as select * from {source}")
    types = duckdb_types(upper)
    names = [column.name for column in upper.content_columns]
    plain = ", ".join(quoted(name) for name in names)
    cast = ", ".join(f"cast({quoted(name)} as {types[name]}) as {quoted(name)}" for name in names)
    descent.con.execute(f"create or replace temp table again as select {cast} from ({mart.sql})")
    above = f"select {plain} from {descent.level(depth, cell)}"
    differing = descent.one(
        f"select count(*) from (({above} except all select * from again) "
        f"union all (select * from again except all {above}))"
    )
    return bool(differing[0] == 0)


def _pointing(
    descent: _Descent, cells: Sequence[int], limit: int
) -> dict[int, list[dict[str, Any]]]:
    """The first staging rows beneath each explained row, in the order of their files."""
    names = ", ".join(quoted(column.name) for column in descent.chain[-1].columns)
    rows = descent.con.sql(
        f"select _cell, {names} from level_{len(descent.chain) - 1} "
        "qualify row_number() over (partition by _cell "
        f"order by as_of nulls first, _file_id, _row) <= {int(limit)} "
        "order by _cell, as_of nulls first, _file_id, _row"
    )
    found: dict[int, list[dict[str, Any]]] = {cell: [] for cell in cells}
    for row in rows.to_arrow_table().to_pylist():
        found[row.pop("_cell")].append(row)
    return found


def _from_files(
    lake: Lake, stream: Stream, rows: Iterable[Mapping[str, Any]]
) -> tuple[dict[tuple[str, int], str], dict[str, Payload]]:
    """The records that rows point at, and the files that hold them."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        wanted.setdefault(row["_file_id"], {0}).add(row["_row"])
    records: dict[tuple[str, int], str] = {}
    payloads: dict[str, Payload] = {}
    for file_id, ordinals in wanted.items():
        if not lake.store.exists(raw_key(stream.source, stream.name, file_id)):
            msg = f"the file `{file_id}` that rows of `{stream.table}` come from is not in raw"
            raise IntegrityError(msg, next_step="restore it; `bedrot verify` lists what is missing")
        told = stream.records(raw_path(lake, stream.source, stream.name, file_id), ordinals)
        for ordinal in ordinals:
            if ordinal not in told:
                msg = f"the file `{file_id}` has no record {ordinal}"
                raise IntegrityError(msg, next_step="`bedrot verify` compares files with records")
            records[file_id, ordinal] = told[ordinal]
        payloads[file_id] = Payload(
            file_id=file_id,
            stream=stream.full_name,
            header=told[0],
            captures=captures_of(lake, stream, file_id),
        )
    return records, payloads


def captures_of(lake: Lake, stream: Stream, file_id: str) -> tuple[SeenCapture, ...]:
    """Every capture of a payload with the time at which it was true, oldest first."""
    profile = _profile(lake, stream, file_id)
    found = [
        _seen(lake, capture, profile)
        for capture in index.captures(
            lake.catalog, source=stream.source, stream=stream.name, file_id=file_id
        )
    ]
    known = sorted((c for c in found if c.as_of is not None), key=lambda c: (c.as_of, c.capture_id))
    return (*(c for c in found if c.as_of is None), *known)


def _seen(lake: Lake, capture: CaptureRecord, profile: Profile | None) -> SeenCapture:
    if profile is None:
        moment, found = as_of(lake, capture, None)
    else:
        told = sight(lake, capture, profile)
        moment, found = told.as_of, told.as_of_from
    return SeenCapture(
        capture_id=capture.capture_id,
        name=capture.name,
        container=capture.container,
        account_id=capture.account_id,
        as_of=moment,
        as_of_from=found,
        landed_at=capture.landed_at,
    )


def _profile(lake: Lake, stream: Stream, file_id: str) -> Profile | None:
    """The payload's profile without writing one; None if it fails today's definition."""
    known = read_profile(lake, stream.table, stream.definition_id, file_id)
    if known is not None:
        return known
    path = raw_path(lake, stream.source, stream.name, file_id)
    try:
        return examine(lake, stream, path, file_id, waived_codes(journal.decisions(lake), file_id))
    except RejectedPayloadError:
        return None


def _line(row: Mapping[str, Any], records: Mapping[tuple[str, int], str]) -> Line:
    file_id, ordinal = row["_file_id"], row["_row"]
    return Line(values=row, file_id=file_id, row=ordinal, record=records[file_id, ordinal])
