"""Building the marts: only the partitions that what changed beneath can have touched."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bedrot.catalog.records import canonical_json, short_hash
from bedrot.engine.quoting import literal, literals
from bedrot.errors import ContractError, LossyWriteError
from bedrot.observe.progress import Progress
from bedrot.pipeline.payloads import session
from bedrot.pipeline.writing import TableChange, TableWriter
from bedrot.zones.lake import CURATED, Lake
from bedrot.zones.parts import read_note, write_note
from bedrot.zones.tables import (
    ABSENT,
    WHOLE,
    TableState,
    empty_scan,
    open_table,
    read_state,
    scan_sql,
)

if TYPE_CHECKING:
    import duckdb
    from deltalake import DeltaTable

    from bedrot.contracts.model import Contract
    from bedrot.marts import Mart


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A table that marts may read: its contract, and the version of this run.

    `names_only` is said of small tables that give things their names: a partition of a mart may
    read all of them, and still depends on no other partition.
    """

    contract: Contract
    zone: str
    state: TableState
    names_only: bool = False
    opened: dict[int, DeltaTable] = field(default_factory=dict)
    """Its versions that some mart of this run read already: most are read by several."""


def build_mart(
    lake: Lake,
    mart: Mart,
    built: Mapping[str, Built],
    progress: Progress,
    *,
    afresh: bool = False,
) -> TableChange:
    """Bring one mart up to date, in one commit.

    A mart with a partition column is made partition by partition: a row of partition P depends
    only on input rows with the same P, so only the values that stand in changed input partitions,
    before or after the change, are made again. Everything else is made whole.
    """
    for name in mart.inputs:
        if name not in built:
            msg = f"`{mart.table}` reads `{name}`, which is no table of the lake"
            raise ContractError(msg)
    sources = {name: told_of(built[name]) for name in mart.inputs}
    writer = TableWriter(lake, CURATED, mart.contract, mart.definition_id, afresh=afresh)
    published = writer.published
    if published is not None and not writer.is_whole and not afresh:
        if is_made_from(lake, mart, published, sources):
            return TableChange(table=mart.table, zone=CURATED, state=published)
    else:
        published = None
    with session(lake) as con:
        changed = (
            touched_partitions(con, lake, mart, built, published, sources) if published else None
        )
        try:
            if mart.contract.partition is None or changed is None:
                _build_all(_Building(con, lake, mart, built, writer, progress))
            else:
                _build_some(_Building(con, lake, mart, built, writer, progress), changed)
        except LossyWriteError as exc:
            raise ContractError(str(exc), next_step=exc.next_step) from exc
    change = writer.finish(sources=sources)
    if not change.is_changed:
        write_note(lake, mart.table, mart.definition_id, _note(change.state, sources), b"{}")
    return change


def is_made_from(lake: Lake, mart: Mart, published: TableState, sources: Mapping[str, Any]) -> bool:
    """Whether the published table is what these inputs give, by its commit or by a kept note."""
    if _contents(published.sources) == _contents(sources):
        return True
    note = _note(published, sources)
    return read_note(lake, mart.table, mart.definition_id, note) is not None


def _contents(sources: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {key: value for key, value in told.items() if key != "version"}
        for name, told in sources.items()
    }


def _note(state: TableState, sources: Mapping[str, Any]) -> str:
    return short_hash(canonical_json([state.version, _contents(sources)]))


def told_of(built: Built) -> dict[str, Any]:
    state = built.state
    return {
        "version": state.version,
        "definition": state.definition_id,
        "partitions": {name: content.token for name, content in state.contents.items()},
    }


def touched_partitions(
    con: duckdb.DuckDBPyConnection,
    lake: Lake,
    mart: Mart,
    built: Mapping[str, Built],
    published: TableState,
    sources: Mapping[str, Any],
) -> frozenset[str] | None:
    """The mart's partitions that changed inputs can have touched; None if that cannot be told."""
    column = mart.contract.partition
    touched: set[str] = set()
    for name in mart.inputs:
        before, after = published.sources.get(name), sources[name]
        if before is None or before["definition"] != after["definition"]:
            return None
        if not _is_still_there(lake, built[name], before):
            return None
        old, new = before["partitions"], after["partitions"]
        differing = frozenset(p for p in {*old, *new} if old.get(p) != new.get(p))
        if not differing:
            continue
        contract = built[name].contract
        if column is None or column not in {c.name for c in contract.columns}:
            return None
        if contract.partition == column:
            touched |= differing
            continue
        for version in (before["version"], after["version"]):
            scan = _scan(lake, built[name], version, differing)
            rows = con.execute(f'select distinct "{column}" from {scan}').fetchall()
            touched |= {value for (value,) in rows}
    return frozenset(touched)


def _is_still_there(lake: Lake, built: Built, told: Mapping[str, Any]) -> bool:
    """Whether the version that a mart was made from is what it was.

    A table whose folder somebody removed begins again, and its numbers stand for other rows.
    """
    version = told["version"]
    if version in {ABSENT.version, built.state.version}:
        return version == ABSENT.version or told == told_of(built)
    state = read_state(lake, built.zone, built.contract.table, version)
    return state is not None and told == told_of(dataclasses.replace(built, state=state))


def _scan(lake: Lake, built: Built, version: int, only: frozenset[str] | None = None) -> str:
    if version == ABSENT.version:
        return empty_scan(built.contract)
    delta = built.opened.get(version)
    if delta is None:
        delta = open_table(lake, built.zone, built.contract.table, version)
    if delta is None:
        msg = f"`{built.contract.table}` has no version {version}"
        raise ContractError(msg)
    built.opened[version] = delta
    partition = built.contract.partition
    return scan_sql(delta, partition, only if partition else None)


@dataclass(frozen=True, slots=True)
class _Building:
    con: duckdb.DuckDBPyConnection
    lake: Lake
    mart: Mart
    built: Mapping[str, Built]
    writer: TableWriter
    progress: Progress


def _build_all(building: _Building) -> None:
    mart, built = building.mart, building.built
    partition = mart.contract.partition
    if partition is None:
        building.progress.step(f"build {mart.table}", 0, 1)
        _views(building, None)
        building.con.execute(f"create or replace temp view result as {mart.sql}")
        building.writer.offer(building.con, "result", WHOLE, _token(mart, built))
        return
    values: set[str] = set(building.writer.partitions)
    for name in mart.inputs:
        if partition not in {c.name for c in built[name].contract.columns}:
            continue
        if built[name].contract.partition == partition:
            values |= set(built[name].state.contents)
            continue
        scan = _scan(building.lake, built[name], built[name].state.version)
        rows = building.con.execute(f'select distinct "{partition}" from {scan}').fetchall()
        values |= {value for (value,) in rows}
    _build_some(building, frozenset(values))


def _build_some(building: _Building, partitions: frozenset[str]) -> None:
    con, mart, built = building.con, building.mart, building.built
    column = mart.contract.partition
    assert column is not None  # noqa: S101 - asked by the caller
    aligned = all(built[n].names_only or built[n].contract.partition == column for n in mart.inputs)
    ordered = sorted(partitions)
    if aligned:
        for number, partition in enumerate(ordered):
            building.progress.step(f"build {mart.table} {partition}", number, len(ordered))
            _views(building, [partition])
            con.execute(f"create or replace temp view result as {mart.sql}")
            building.writer.offer(con, "result", partition, _token(mart, built, partition))
        return
    if not ordered:
        return
    building.progress.step(f"build {mart.table}", 0, 1)
    _views(building, ordered)
    con.execute(f"create or replace temp table made as {mart.sql}")
    token = _token(mart, built)
    for number, partition in enumerate(ordered):
        building.progress.step(f"build {mart.table} {partition}", number, len(ordered))
        con.execute(
            f'create or replace temp view result as select * from made where "{column}" = '
            f"{literal(partition)}"
        )
        building.writer.offer(con, "result", partition, token)


def _token(mart: Mart, built: Mapping[str, Built], partition: str | None = None) -> str:
    """What a partition was made from: its inputs' partitions of that name, or all of them."""
    told = {
        name: told_of(built[name])["partitions"]
        if partition is None or built[name].names_only
        else built[name].state.contents[partition].token
        if partition in built[name].state.contents
        else None
        for name in mart.inputs
    }
    return short_hash(canonical_json([mart.definition_id, told]))


def _views(building: _Building, partitions: list[str] | None) -> None:
    """Every input as a view of its table's name, holding only what the partitions need."""
    column = building.mart.contract.partition
    for name in building.mart.inputs:
        table = building.built[name]
        has_column = column in {c.name for c in table.contract.columns}
        only = None
        where = ""
        if partitions is not None and has_column:
            if table.contract.partition == column:
                only = frozenset(partitions)
            where = f' where "{column}" in ({literals(partitions)})'
        scan = _scan(building.lake, table, table.state.version, only)
        building.con.execute(f'create or replace temp view "{name}" as select * from {scan}{where}')
