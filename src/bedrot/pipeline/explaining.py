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
from bedrot.pipeline.judging import raw_payload
from bedrot.pipeline.payloads import examine, session
from bedrot.pipeline.reading import reading, release_at, tables_named
from bedrot.pipeline.timeline import as_of, sight
from bedrot.pipeline.tracing import contract_of, marts_by_table, streams_by_table
from bedrot.zones import journal
from bedrot.zones.parts import Profile, read_profile
from bedrot.zones.raw import raw_key, raw_path
from bedrot.zones.tables import empty_scan, open_table, scan_sql

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from bedrot.catalog.records import CaptureRecord, Release
    from bedrot.contracts.model import Contract
    from bedrot.extract.streams import Stream
    from bedrot.zones.lake import Lake

_RECORD = ("_file_id", "_row")
"""The columns that point at a record of a file; a mart whose rows are made of several records has
more such pairs, with a word before (`_from_file_id`, `_from_row`)."""
_OWNER = "account_id"


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
    """A typed row, and the record of a file that it was read from, as it stands there.

    `measures` are the columns that say how much.
    """

    values: Mapping[str, Any]
    measures: tuple[str, ...]
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
    """The rows of one table, or of several, that stand beneath an explained row.

    `table` names those that have rows there. `is_reproduced` says whether the upper table's SQL over exactly these rows gives the upper
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
    """A session with one temporary table for each table of each level.

    `chain` has the contracts of each level, the explained table's first, and `_cell` numbers the
    explained rows in all of them.
    """

    con: duckdb.DuckDBPyConnection
    lake: Lake
    release: Release
    chain: Sequence[Sequence[Contract]]

    def level(self, depth: int, table: str, cell: int | None = None) -> str:
        """What follows `from`: a level's rows beneath one explained row, or beneath all."""
        name = quoted(f"level_{depth}_{table}")
        return name if cell is None else f"{name} where _cell = {cell}"

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
            f"create temp table {descent.level(0, table)} as "
            f"select row_number() over () as _cell, {names} from found"
        )
        progress.step(f"find what {table} is made of", 1, 3)
        for depth in range(len(chain) - 1):
            _descend(descent, depth)
        levels = _levels(descent, cells)
        pointing = _pointing(descent, cells, lines)
    progress.step("read records", 2, 3)
    records, payloads = _from_files(lake, [row for told in pointing.values() for row in told])
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


def _chain(contract: Contract) -> list[list[Contract]]:
    """The table, and level by level all beneath it, down to staging, where rows are records."""
    chain = [[contract]]
    seen = {contract.table}
    while not all(told.table in streams_by_table() for told in chain[-1]):
        below = [name for told in chain[-1] for name in told.explained_by if name not in seen]
        if not below:
            msg = f"rows of `{contract.table}` do not stand for records of files"
            raise UsageError(msg, next_step=f"`bedrot lineage {contract.table}` says what it is")
        seen.update(below)
        reached = [told for told in chain[-1] if told.table in streams_by_table()]
        chain.append([*reached, *(contract_of(name) for name in below)])
    return chain


def _matching(
    lake: Lake, release: Release, table: str, condition: str, limit: int
) -> tuple[int, pa.Table]:
    """How many rows meet a person's condition, and the first of them in a fixed order."""
    import duckdb

    select = read_only(f"select * from {quoted(table)} where ({condition}\n)")
    _refuse_more_than_condition(select)
    with reading(lake, release, tables_named(select)) as con:
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


def _matches(upper: Contract, lower: Contract) -> list[dict[str, str]]:
    """The ways in which a row agrees with rows beneath it: columns above to columns beneath.

    By each record that the row is made of if both know records, and by the account if both know it,
    because the same bytes may count for two; else by the upper table's key; else by every column
    that both have.
    """
    beneath = {column.name for column in lower.columns}
    if beneath.issuperset(_RECORD) and (records := _records_named(upper)):
        owned = _OWNER in beneath and any(column.name == _OWNER for column in upper.columns)
        owner = {_OWNER: _OWNER} if owned else {}
        return [{**owner, **record} for record in records]
    names = list(upper.key) or [column.name for column in upper.content_columns]
    shared = {name: name for name in names if name in beneath}
    if not shared:
        msg = f"`{upper.table}` and `{lower.table}` have no column in common"
        raise UsageError(msg, next_step=f"correct `explainedBy` in the contract of {upper.table}")
    return [shared]


def _records_named(contract: Contract) -> list[dict[str, str]]:
    """The pairs of columns by which a table's rows point at records."""
    names = {column.name for column in contract.columns}
    pairs = [(name, name.removesuffix(_RECORD[0]) + _RECORD[1]) for name in sorted(names)]
    return [
        dict(zip(pair, _RECORD, strict=True))
        for pair in pairs
        if pair[0].endswith(_RECORD[0]) and pair[1] in names
    ]


def _descend(descent: _Descent, depth: int) -> None:
    """Leave the rows beneath those of one level as the next level."""
    for lower in descent.chain[depth + 1]:
        if lower in descent.chain[depth]:  # staging was reached here already
            descent.con.execute(
                f"create temp table {descent.level(depth + 1, lower.table)} as "
                f"from {descent.level(depth, lower.table)}"
            )
            continue
        above = [upper for upper in descent.chain[depth] if lower.table in upper.explained_by]
        columns = ", ".join(f"below.{quoted(column.name)}" for column in lower.columns)
        selects = []
        for upper in above:
            matches = _matches(upper, lower)
            agree = " or ".join(_agreement(match) for match in matches)
            keys = ", ".join(map(quoted, dict.fromkeys(n for match in matches for n in match)))
            selects.append(
                f"select above._cell, {columns} "
                f"from {_scan(descent.lake, descent.release, lower)} as below join "
                f"(select distinct _cell, {keys} from {descent.level(depth, upper.table)}) "
                f"as above on {agree}"
            )
        descent.con.execute(
            f"create temp table {descent.level(depth + 1, lower.table)} as "
            + " union all ".join(selects)
        )


def _agreement(match: Mapping[str, str]) -> str:
    pairs = (
        f"below.{quoted(beneath)} is not distinct from above.{quoted(name)}"
        for name, beneath in match.items()
    )
    return f"({' and '.join(pairs)})"


def _scan(lake: Lake, release: Release, contract: Contract) -> str:
    told = release.tables.get(contract.table)
    if told is None and contract.is_staging:
        return empty_scan(contract)
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
    for depth, (uppers, lowers) in enumerate(pairwise(descent.chain)):
        money = [
            name
            for name in _money(uppers[0])
            if all(name in _money(told) for told in (*uppers, *lowers))
        ]
        above = [_sums(descent, depth, told, money) for told in uppers]
        below = {told.table: _sums(descent, depth + 1, told, money) for told in lowers}
        reproduced = [_reproduced(descent, depth, told, cells) for told in uppers]
        for cell in cells:
            held = {table: sums[cell] for table, sums in below.items() if cell in sums}
            cell_sums = _added([sums[cell] for sums in above if cell in sums], len(money))
            made = _added(held.values(), len(money))
            found[cell].append(
                Level(
                    table=", ".join(held or below),
                    rows=sum(sums[0] for sums in held.values()),
                    totals=tuple(
                        Total(column=name, cell=told, total=total)
                        for name, told, total in zip(money, cell_sums, made, strict=True)
                    ),
                    is_reproduced=_all_of([told[cell] for told in reproduced]),
                )
            )
    return found


def _added(told: Iterable[tuple[Any, ...]], width: int) -> list[Decimal | None]:
    """Sums of sums; null where none of them knows one."""
    columns = list(zip(*(sums[1:] for sums in told), strict=True)) or [()] * width
    return [
        sum((value for value in column if value is not None), Decimal(0))
        if any(value is not None for value in column)
        else None
        for column in columns
    ]


def _all_of(told: Sequence[bool | None]) -> bool | None:
    if any(one is False for one in told):
        return False
    return None if any(one is None for one in told) else True


def _sums(
    descent: _Descent, depth: int, contract: Contract, money: Sequence[str]
) -> dict[int, tuple[Any, ...]]:
    """Rows and sums of money of one table of a level, by explained row."""
    sums = "".join(f", sum({quoted(name)})" for name in money)
    rows = descent.con.execute(
        f"select _cell, count(*){sums} from {descent.level(depth, contract.table)} group by _cell"
    ).fetchall()
    return {row[0]: tuple(row[1:]) for row in rows}


def _reproduced(
    descent: _Descent, depth: int, upper: Contract, cells: Sequence[int]
) -> dict[int, bool | None]:
    """Whether the rows beneath each explained row give it again.

    Where no row stands beneath two of them, all are tried at once; only if that fails is every
    one tried alone.
    """
    lowers = [told for told in descent.chain[depth + 1] if told.table in upper.explained_by]
    if all(_is_apart(descent, depth, upper, lower) for lower in lowers):
        all_are = _is_reproduced(descent, depth, upper, None)
        if all_are is not False:
            return dict.fromkeys(cells, all_are)
    return {cell: _is_reproduced(descent, depth, upper, cell) for cell in cells}


def _is_apart(descent: _Descent, depth: int, upper: Contract, lower: Contract) -> bool:
    """Whether no row of the lower table stands beneath two explained rows."""
    matches = _matches(upper, lower)
    if len(matches) > 1:
        return False  # one record may be the later of one row and the earlier of another
    keys = ", ".join(quoted(name) for name in matches[0])
    level = descent.level(depth, upper.table)
    alone, together = descent.one(
        f"select (select count(*) from (select distinct _cell, {keys} from {level})), "
        f"(select count(*) from (select distinct {keys} from {level}))"
    )
    return bool(alone == together)


def _money(contract: Contract) -> list[str]:
    return [
        column.name
        for column in contract.content_columns
        if column.sql_type.startswith("decimal") and column.unit == "USD"
    ]


def _is_reproduced(descent: _Descent, depth: int, upper: Contract, cell: int | None) -> bool | None:
    """Whether the upper table's SQL over the rows beneath gives the upper rows again.

    Rows beneath may make other rows too, such as the one of which the later record is the
    earlier; only those with the keys of the upper rows are compared.
    """
    if upper.table in streams_by_table():
        return True  # its rows are records already; another table of the level goes on
    mart = marts_by_table()[upper.table]
    if descent.release.tables[upper.table]["definition_id"] != mart.definition_id:
        return None
    for name in mart.inputs:
        source = (
            descent.level(depth + 1, name, cell)
            if name in upper.explained_by
            else _scan(descent.lake, descent.release, contract_of(name))
        )
        descent.con.execute(f"create or replace temp view {quoted(name)} as select * from {source}")
    types = duckdb_types(upper)
    names = [column.name for column in upper.content_columns]
    plain = ", ".join(quoted(name) for name in names)
    cast = ", ".join(f"cast({quoted(name)} as {types[name]}) as {quoted(name)}" for name in names)
    descent.con.execute(f"create or replace temp table again as select {cast} from ({mart.sql})")
    above = f"select {plain} from {descent.level(depth, upper.table, cell)}"
    again = "select * from again" + _only_keys_of(above, upper.key)
    differing = descent.one(
        f"select count(*) from (({above} except all {again}) "
        f"union all ({again} except all {above}))"
    )
    return bool(differing[0] == 0)


def _only_keys_of(rows: str, key: Sequence[str]) -> str:
    """What follows `from again`, so that only the keys of the given rows are left."""
    if not key:
        return ""
    agree = " and ".join(
        f"told.{quoted(name)} is not distinct from again.{quoted(name)}" for name in key
    )
    return f" where exists (from ({rows}) as told where {agree})"


def _pointing(
    descent: _Descent, cells: Sequence[int], limit: int
) -> dict[int, list[tuple[Stream, dict[str, Any]]]]:
    """The first staging rows beneath each explained row, in the order of their files."""
    found: dict[int, list[tuple[Stream, dict[str, Any]]]] = {cell: [] for cell in cells}
    depth = len(descent.chain) - 1
    for contract in descent.chain[depth]:
        names = ", ".join(quoted(column.name) for column in contract.columns)
        rows = descent.con.sql(
            f"select _cell, {names} from {descent.level(depth, contract.table)} "
            "qualify row_number() over (partition by _cell "
            f"order by as_of nulls first, _file_id, _row) <= {int(limit)} "
            "order by _cell, as_of nulls first, _file_id, _row"
        )
        for row in rows.to_arrow_table().to_pylist():
            found[row.pop("_cell")].append((streams_by_table()[contract.table], row))
    return {cell: told[:limit] for cell, told in found.items()}


def _from_files(
    lake: Lake, rows: Iterable[tuple[Stream, Mapping[str, Any]]]
) -> tuple[dict[tuple[str, str, int], str], dict[str, Payload]]:
    """The records that rows point at, and the files that hold them."""
    wanted: dict[tuple[str, str], set[int]] = {}
    streams: dict[str, Stream] = {}
    for stream, row in rows:
        streams[stream.table] = stream
        wanted.setdefault((stream.table, row["_file_id"]), {0}).add(row["_row"])
    records: dict[tuple[str, str, int], str] = {}
    payloads: dict[str, Payload] = {}
    for (table, file_id), ordinals in wanted.items():
        stream = streams[table]
        if not lake.store.exists(raw_key(stream.source, stream.captured_as, file_id)):
            msg = f"the file `{file_id}` that rows of `{table}` come from is not in raw"
            raise IntegrityError(msg, next_step="restore it; `bedrot verify` lists what is missing")
        told = stream.records(raw_path(lake, stream.source, stream.captured_as, file_id), ordinals)
        for ordinal in ordinals:
            if ordinal not in told:
                msg = f"the file `{file_id}` has no record {ordinal}"
                raise IntegrityError(msg, next_step="`bedrot verify` compares files with records")
            records[table, file_id, ordinal] = told[ordinal]
        payloads[file_id] = Payload(
            file_id=file_id,
            stream=stream.full_name,
            header=told[0],
            captures=captures_of(lake, stream, file_id),
        )
    return records, payloads


def captures_of(lake: Lake, stream: Stream, file_id: str) -> tuple[SeenCapture, ...]:
    """Every capture of a payload with the time at which it was true, oldest first."""
    captures = index.captures(
        lake.catalog, source=stream.source, stream=stream.captured_as, file_id=file_id
    )
    profile = _profile(lake, stream, captures) if captures else None
    found = [_seen(lake, capture, profile) for capture in captures]
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


def _profile(lake: Lake, stream: Stream, captures: Sequence[CaptureRecord]) -> Profile | None:
    """The payload's profile without writing one; None if it fails today's definition."""
    file_id = captures[0].file_id
    known = read_profile(lake, stream.table, stream.definition_id, file_id)
    if known is not None:
        return known
    try:
        payload = raw_payload(lake, stream, captures[0], journal.decisions(lake))
        return examine(lake, stream, payload)
    except RejectedPayloadError:
        return None


def _line(
    pointing: tuple[Stream, Mapping[str, Any]], records: Mapping[tuple[str, str, int], str]
) -> Line:
    stream, row = pointing
    file_id, ordinal = row["_file_id"], row["_row"]
    record = records[stream.table, file_id, ordinal]
    measures = _measures(stream.contract)
    return Line(values=row, measures=measures, file_id=file_id, row=ordinal, record=record)


def _measures(contract: Contract) -> tuple[str, ...]:
    told = {contract.properties.get("units"), *contract.properties.get("measures", ())}
    money = _money(contract)
    return tuple(c.name for c in contract.columns if c.name in told or c.name in money)
