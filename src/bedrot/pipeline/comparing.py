"""Comparing: which lake releases changed a table, and what was changed, row by row."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bedrot.catalog import index
from bedrot.engine.quoting import literal, quoted
from bedrot.errors import UnknownNameError, UsageError
from bedrot.merge.kinds import restatement_contract
from bedrot.merge.restated import restated_keys
from bedrot.observe.progress import SILENT, Progress
from bedrot.pipeline.payloads import session
from bedrot.pipeline.reading import release_at
from bedrot.pipeline.tracing import contract_of, defined_tables, streams_by_table
from bedrot.zones import journal
from bedrot.zones.tables import WHOLE, content_hash, digest_of, open_table, scan_sql

if TYPE_CHECKING:
    import duckdb
    from deltalake import DeltaTable

    from bedrot.catalog.records import Release
    from bedrot.contracts.model import Contract
    from bedrot.extract.streams import Stream
    from bedrot.zones.lake import Lake

ADDED = "added"
REMOVED = "removed"
CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableVersion:
    """A lake release in which a table got another version.

    `rows_delta` is against the version before. `content_hash` is equal wherever the rows are
    equal; where two versions have the same, only bookkeeping changed: the rows were found in
    other files. It is None where it was not asked for, or where an earlier definition made the
    table.
    """

    release: int
    created_at: datetime
    run_id: str
    version: int
    rows: int
    rows_delta: int
    definition_id: str
    content_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatement:
    """Values that a later capture changed, by column: `old` stood before, `new` stands since.

    `table` is the staging table that holds them, `captures` the names under which the payload
    that changed them came.
    """

    table: str
    key: Mapping[str, Any]
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    is_conflict: bool
    file_id: str
    captures: tuple[str, ...]
    as_of: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatements:
    """The restatements behind a table: how many, what they come to by column, and the newest."""

    table: str
    tables: tuple[str, ...]
    release: int
    count: int
    deltas: Mapping[str, Decimal]
    restatements: tuple[Restatement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyChange:
    """The sum of a money column in both releases."""

    column: str
    before: Decimal | None
    after: Decimal | None

    @property
    def delta(self) -> Decimal:
        """What was added to the sum."""
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A row that one release has and the other has not, or has otherwise.

    `values` are the key of a changed row, or all columns; `old` and `new` hold the columns that
    differ. `count` is how many equal rows it stands for.
    """

    change: str
    values: Mapping[str, Any]
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What differs in a table between two lake releases. `rows` holds the first changes."""

    table: str
    before: int
    after: int
    key: tuple[str, ...]
    rows_before: int
    rows_after: int
    added: int
    removed: int
    changed: int
    money: tuple[MoneyChange, ...]
    columns_gone: tuple[str, ...]
    columns_new: tuple[str, ...]
    rows: tuple[RowChange, ...]

    @property
    def is_equal(self) -> bool:
        """Whether both releases hold the same rows."""
        return not (self.added or self.removed or self.changed)


def history(
    lake: Lake, table: str, *, with_hashes: bool = True, progress: Progress = SILENT
) -> tuple[TableVersion, ...]:
    """The lake releases in which a table got another version, newest first.

    With hashes all versions are read; what one has in common with the next is read once.

    Raises:
        UnknownNameError: no lake release has such a table.
    """
    found: list[TableVersion] = []
    for number in journal.release_numbers(lake):
        release = journal.read_release(lake, number)
        told = release.tables.get(table)
        if told is None or (found and told["version"] == found[-1].version):
            continue
        found.append(
            TableVersion(
                release=number,
                created_at=release.created_at,
                run_id=release.run_id,
                version=told["version"],
                rows=told["rows"],
                rows_delta=told["rows"] - (found[-1].rows if found else 0),
                definition_id=told["definition_id"],
                content_hash=None,
            )
        )
    if not found:
        newest = release_at(lake)  # says so if nothing was published at all
        contract_of(table)
        msg = f"no lake release up to {newest.number} has a table `{table}`"
        raise UnknownNameError(msg, next_step="start `bedrot run`")
    hashes = _hashes(lake, table, found, progress) if with_hashes else {}
    return tuple(
        dataclasses.replace(version, content_hash=hashes.get(version.version))
        for version in reversed(found)
    )


def _hashes(
    lake: Lake, table: str, versions: Sequence[TableVersion], progress: Progress
) -> dict[int, str]:
    """The content hash of every version whose columns today's contract knows."""
    contract = defined_tables().get(table)
    if contract is None:
        return {}
    told: dict[int, str] = {}
    known: dict[tuple[str, ...], str] = {}
    with session(lake) as con:
        for number, version in enumerate(versions):
            progress.step(f"hash version {version.version} of {table}", number, len(versions))
            release = journal.read_release(lake, version.release)
            delta = _delta(lake, release, table)
            if {c.name for c in contract.content_columns} <= set(_columns(delta)):
                told[version.version] = _hash(con, delta, contract, known)
    return told


def _hash(
    con: duckdb.DuckDBPyConnection,
    delta: DeltaTable,
    contract: Contract,
    known: dict[tuple[str, ...], str],
) -> str:
    """The content hash of one version; `known` holds what the same files gave before."""
    by = _partition_of(delta)
    partitions: dict[str, list[str]] = {}
    for path, value in sorted(_files(delta).items()):
        partitions.setdefault(value or WHOLE, []).append(path)
    for name, paths in partitions.items():
        if tuple(paths) not in known:
            scan = scan_sql(delta, by, frozenset({name}) if by else None)
            known[tuple(paths)] = digest_of(con, scan, contract)
    digests = {name: known[tuple(paths)] for name, paths in partitions.items()}
    return content_hash({name: d for name, d in digests.items() if not d.startswith("0-")})


def restatements(lake: Lake, table: str, *, at: str | None = None, limit: int = 20) -> Restatements:
    """The restatements behind a staging table, or behind a mart that is explained by some.

    Raises:
        UnknownNameError: there is no such table or lake release.
        UsageError: no table with restatements stands behind it.
    """
    streams = _streams_behind(contract_of(table))
    release = release_at(lake, at)
    found = [
        _restated(lake, stream, release, limit)
        for stream in streams
        if restatement_contract(stream.contract).table in release.tables
    ]
    deltas: dict[str, Decimal] = {}
    for one in found:
        for column, delta in one.deltas.items():
            deltas[column] = deltas.get(column, Decimal(0)) + delta
    newest = sorted(
        (told for one in found for told in one.restatements),
        key=lambda r: (r.as_of is not None, r.as_of),
        reverse=True,
    )
    return Restatements(
        table=table,
        tables=tuple(one.table for one in found),
        release=release.number,
        count=sum(one.count for one in found),
        deltas=deltas,
        restatements=tuple(newest[:limit]),
    )


def _restated(lake: Lake, stream: Stream, release: Release, limit: int) -> Restatements:
    """The restatements of one staging table."""
    contract = restatement_contract(stream.contract)
    scan = _scan(_delta(lake, release, contract.table), None)
    keys = restated_keys(stream.contract)
    names = ", ".join(quoted(column.name) for column in contract.columns)
    with session(lake) as con:
        (count,) = con.execute(f"select count(*) from {scan}").fetchall()[0]
        deltas = dict(con.execute(_deltas(stream.contract, scan)).fetchall())
        rows = (
            con.sql(
                f"select {names} from {scan} order by as_of desc nulls last, "
                f"{', '.join(quoted(name) for name in keys)} limit {int(limit)}"
            )
            .to_arrow_table()
            .to_pylist()
        )
    captures = {row["file_id"]: _names(lake, stream, row["file_id"]) for row in rows}
    return Restatements(
        table=stream.table,
        tables=(stream.table,),
        release=release.number,
        count=count,
        deltas={name: Decimal(delta) for name, delta in deltas.items() if delta is not None},
        restatements=tuple(
            Restatement(
                table=stream.table,
                key={name: row[name] for name in keys},
                old=_values(stream.contract, row, "old"),
                new=_values(stream.contract, row, "new"),
                is_conflict=row["is_conflict"],
                file_id=row["file_id"],
                captures=captures[row["file_id"]],
                as_of=row["as_of"],
            )
            for row in rows
        ),
    )


def _deltas(contract: Contract, scan: str) -> str:
    """By column, what all changes of its values come to; null where values are no numbers."""
    if contract.kind == "ledger":
        amount, units = contract.properties["amount"], contract.properties["units"]
        return (
            f"select {literal(amount)}, sum(new_amount - old_amount) from {scan} union all "
            f"select {literal(units)}, sum(new_units - old_units) from {scan}"
        )
    numbers = all(
        contract.column(name).logical_type in {"integer", "number"}
        for name in contract.properties["measures"]
    )
    change = "coalesce(new_value, 0) - coalesce(old_value, 0)" if numbers else "null"
    return f"select measure, sum({change}) from {scan} group by measure"


def _values(contract: Contract, row: Mapping[str, Any], side: str) -> dict[str, Any]:
    if contract.kind == "ledger":
        return {contract.properties[role]: row[f"{side}_{role}"] for role in ("units", "amount")}
    return {row["measure"]: row[f"{side}_value"]}


def _streams_behind(contract: Contract) -> list[Stream]:
    """The streams whose staging tables, or whose restatements, stand behind a table."""
    for stream in streams_by_table().values():
        if contract.table == restatement_contract(stream.contract).table:
            return [stream]
    found: list[Stream] = []
    waiting, seen = [contract.table], {contract.table}
    while waiting:
        table = waiting.pop(0)
        if table in streams_by_table():
            found.append(streams_by_table()[table])
            continue
        below = [name for name in contract_of(table).explained_by if name not in seen]
        seen.update(below)
        waiting += below
    if not found:
        msg = f"no export stands behind the rows of `{contract.table}`: nothing in it is restated"
        raise UsageError(msg, next_step="compare two lake releases: `--from 1`")
    return found


def _names(lake: Lake, stream: Stream, file_id: str) -> tuple[str, ...]:
    found = index.captures(
        lake.catalog, source=stream.source, stream=stream.captured_as, file_id=file_id
    )
    return tuple(sorted({capture.name for capture in found}))


def differences(
    lake: Lake, table: str, *, before: str, after: str | None = None, limit: int = 20
) -> Differences:
    """What differs in a table between two lake releases, named by numbers or times.

    A table with a key is compared by it; of one without, equal rows are counted. Only files that
    one of the releases has and the other has not are compared, so what stayed costs nothing.

    Raises:
        UnknownNameError: there is no such table or lake release.
        UsageError: `before` or `after` is neither a number nor a time.
    """
    older, newer = release_at(lake, before), release_at(lake, after)
    contract = contract_of(table)
    deltas = _delta(lake, older, table), _delta(lake, newer, table)
    names = [_columns(delta) for delta in deltas]
    content = [c.name for c in contract.content_columns if all(c.name in n for n in names)]
    key = contract.key if set(contract.key) <= set(content) else ()
    money = [c.name for c in contract.content_columns if c.unit == "USD" and not c.is_ratio]
    with session(lake) as con:
        for name, scan in zip(("older", "newer"), _differing_scans(*deltas), strict=True):
            con.execute(f"create temp view {name} as select {_listed(content)} from {scan}")
        _keep_difference(con, content)
        counts = _count(con, key)
        rows = _first_changes(con, content, key, limit)
        sums = [
            MoneyChange(column=column, before=old, after=new)
            for column in money
            if column in content
            for old, new in [tuple(_sum(con, delta, column) for delta in deltas)]
        ]
    known = {column.name for column in contract.columns}
    return Differences(
        table=table,
        before=older.number,
        after=newer.number,
        key=tuple(key),
        rows_before=older.tables[table]["rows"],
        rows_after=newer.tables[table]["rows"],
        added=counts[ADDED],
        removed=counts[REMOVED],
        changed=counts[CHANGED],
        money=tuple(sums),
        columns_gone=tuple(n for n in names[0] if n not in names[1] and n not in known),
        columns_new=tuple(n for n in names[1] if n not in names[0]),
        rows=tuple(rows),
    )


def _delta(lake: Lake, release: Release, table: str) -> DeltaTable:
    told = release.tables.get(table)
    delta = None if told is None else open_table(lake, told["zone"], table, told["version"])
    if delta is None:
        known = ", ".join(sorted(release.tables))
        msg = f"lake release {release.number} has no table `{table}`"
        raise UnknownNameError(msg, next_step=f"its tables are: {known}")
    return delta


def _columns(delta: DeltaTable) -> list[str]:
    return [field.name for field in delta.schema().fields]


def _partition_of(delta: DeltaTable) -> str | None:
    return next(iter(delta.metadata().partition_columns), None)


def _scan(delta: DeltaTable, only: frozenset[str] | None) -> str:
    partition = _partition_of(delta)
    return scan_sql(delta, partition, only if partition else None)


def _files(delta: DeltaTable) -> dict[str, str | None]:
    """File to partition value."""
    actions = delta.get_add_actions(flatten=True)
    paths = actions.column("path").to_pylist()
    partition = _partition_of(delta)
    if partition is None or not paths:
        return dict.fromkeys(paths)
    return dict(zip(paths, actions.column(f"partition.{partition}").to_pylist(), strict=True))


def _differing_scans(older: DeltaTable, newer: DeltaTable) -> tuple[str, str]:
    """Both versions without the partitions whose files are the same in both."""
    if _partition_of(older) != _partition_of(newer):
        return _scan(older, None), _scan(newer, None)
    before, after = _files(older), _files(newer)
    differing = frozenset(
        value
        for files, others in ((before, after), (after, before))
        for path, value in files.items()
        if path not in others and value is not None
    )
    return _scan(older, differing), _scan(newer, differing)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(quoted(name) for name in names)


def _keep_difference(con: duckdb.DuckDBPyConnection, content: Sequence[str]) -> None:
    """Leave the table `differing`: every distinct row with how often it came or went."""
    con.execute(
        f"create temp table differing as "
        f"select {_listed(content)}, sum(_sign) as _difference from ("
        f"select *, -1 as _sign from older union all select *, 1 as _sign from newer"
        f") group by {_listed(content)} having sum(_sign) <> 0"
    )


def _count(con: duckdb.DuckDBPyConnection, key: Sequence[str]) -> dict[str, int]:
    added, removed = con.execute(
        "select coalesce(sum(_difference) filter (_difference > 0), 0), "
        "coalesce(-sum(_difference) filter (_difference < 0), 0) from differing"
    ).fetchall()[0]
    changed = 0
    if key:
        con.execute(_keep_changed(key))
        changed = con.execute("select count(*) from changed").fetchall()[0][0]
    return {ADDED: int(added) - changed, REMOVED: int(removed) - changed, CHANGED: changed}


def _keep_changed(key: Sequence[str]) -> str:
    """Leave the table `changed`: the keys of rows that stand in both releases, and differ."""
    return (
        f"create temp table changed as select {_listed(key)} from differing "
        f"group by {_listed(key)} having min(_difference) = -1 and max(_difference) = 1 "
        f"and count(*) = 2"
    )


def _first_changes(
    con: duckdb.DuckDBPyConnection, content: Sequence[str], key: Sequence[str], limit: int
) -> list[RowChange]:
    """Changed rows first, then what went and came, each in the order of its columns."""
    found: list[RowChange] = []
    others = "differing"
    if key:
        agree = " and ".join(
            f"changed.{quoted(name)} is not distinct from d.{quoted(name)}" for name in key
        )
        pairs = _rows(
            con,
            f"select d.* from differing as d join changed on {agree} "
            f"order by {', '.join(f'd.{quoted(name)}' for name in key)}, d._difference "
            f"limit {2 * int(limit)}",
        )
        found = [
            _changed_row(old, new, key) for old, new in zip(pairs[::2], pairs[1::2], strict=True)
        ]
        others = f"(select d.* from differing as d anti join changed on {agree})"
    rest = _rows(
        con,
        f"select * from {others} as o order by o._difference > 0, {_listed(content)} "
        f"limit {max(0, int(limit) - len(found))}",
    )
    return [*found, *(_whole_row(row) for row in rest)]


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    return list(con.sql(sql).to_arrow_table().to_pylist())


def _changed_row(old: Mapping[str, Any], new: Mapping[str, Any], key: Sequence[str]) -> RowChange:
    differing = [name for name in old if name != "_difference" and old[name] != new[name]]
    return RowChange(
        change=CHANGED,
        values={name: old[name] for name in key},
        old={name: old[name] for name in differing},
        new={name: new[name] for name in differing},
    )


def _whole_row(row: Mapping[str, Any]) -> RowChange:
    values = {name: value for name, value in row.items() if name != "_difference"}
    difference = int(row["_difference"])
    return RowChange(
        change=ADDED if difference > 0 else REMOVED,
        values=values,
        old={} if difference > 0 else values,
        new=values if difference > 0 else {},
        count=abs(difference),
    )


def _sum(con: duckdb.DuckDBPyConnection, delta: DeltaTable, column: str) -> Decimal | None:
    found = con.execute(f"select sum({quoted(column)}) from {_scan(delta, None)}").fetchall()
    value = found[0][0]
    return None if value is None else Decimal(value)
