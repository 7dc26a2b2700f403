"""Lineage of tables and columns: from the header of an export to the cell of a report.

It is told by definitions alone: contracts say which header feeds which column, and the SQL of
streams and marts says which column feeds which.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bedrot.contracts.model import PROVISIONAL
from bedrot.contracts.schema import duckdb_types
from bedrot.engine.lineage import ColumnRef, table_lineage
from bedrot.errors import UnknownNameError
from bedrot.marts import all_marts
from bedrot.merge.kinds import restatement_contract
from bedrot.pipeline.identity import ACCOUNT_SPELLINGS, ARTIST_SPELLINGS, configured_tables
from bedrot.sources import all_sources

if TYPE_CHECKING:
    from bedrot.contracts.model import Contract
    from bedrot.extract.streams import Stream
    from bedrot.marts import Mart

COLUMN = "column"
HEADER = "header"
ALIAS = "alias data"
CAPTURE = "capture record"
RECORD = "record"
MERGE = "merge"
CONSTANT = "definition"
CONFIGURATION = "configuration"

_FROM_CAPTURE = {
    "account_id": "the account that the capture record names, under its one name in aliases.toml",
    "_file_id": "the payload's hash in the capture record",
    "file_id": "the payload's hash in the capture record",
    "as_of": "when the capture was true: its own time, the stamp in its name, or its newest period",
    "landed_at": "when the capture came into the lake, from its record",
    PROVISIONAL: "how far the captures of the account reach, and the stream's provisional days",
}
_ORDINAL = "_row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Something that a column comes from, with all that is behind it.

    `kind` is `column` for a column of a table, which then has origins of its own. The others end
    the way: `header` (a column of an export), `alias data`, `capture record`, `record` (its place
    in the file), `merge` (told by comparing captures), `configuration` (the lake's own files) and
    `definition` (a constant or a count).
    """

    kind: str
    name: str
    note: str = ""
    headers: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A column that is made from another one, with all that is made from it in turn."""

    name: str
    readers: tuple[Reader, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTrace:
    """Where one column comes from, down to headers, and what reads it, up to reports."""

    table: str
    column: str
    description: str
    origins: tuple[Origin, ...]
    readers: tuple[Reader, ...]

    @property
    def ends(self) -> tuple[Origin, ...]:
        """What is at the end of every way down, each once: headers, records, constants."""
        found: dict[tuple[str, str], Origin] = {}
        for end in _ends(self.origins):
            found.setdefault((end.kind, end.name), end)
        return tuple(found.values())


def _ends(origins: tuple[Origin, ...]) -> Iterator[Origin]:
    for origin in origins:
        if origin.origins:
            yield from _ends(origin.origins)
        else:
            yield origin


@dataclass(frozen=True, slots=True, kw_only=True)
class TableTrace:
    """The lineage of a whole table: what it reads, what reads it, and all its columns."""

    table: str
    description: str
    made_by: str
    inputs: tuple[str, ...]
    readers: tuple[str, ...]
    columns: tuple[ColumnTrace, ...]


@cache
def defined_tables() -> Mapping[str, Contract]:
    """The contract of every table that the definitions make, inputs before their readers."""
    found: dict[str, Contract] = {}
    for stream in streams_by_table().values():
        restated = restatement_contract(stream.contract)
        found[stream.table] = stream.contract
        found[restated.table] = restated
    found |= {one.table: one.contract for one in configured_tables()}
    return {**found, **{mart.table: mart.contract for mart in all_marts()}}


@cache
def streams_by_table() -> Mapping[str, Stream]:
    """The stream that fills each staging table."""
    return {stream.table: stream for source in all_sources() for stream in source.streams}


@cache
def marts_by_table() -> Mapping[str, Mart]:
    """The mart of each curated table."""
    return {mart.table: mart for mart in all_marts()}


def contract_of(table: str) -> Contract:
    """The contract of a table.

    Raises:
        UnknownNameError: no definition makes such a table.
    """
    contract = defined_tables().get(table)
    if contract is None:
        msg = f"there is no table `{table}`"
        raise UnknownNameError(msg, next_step=f"the tables are: {', '.join(defined_tables())}")
    return contract


def trace_table(table: str) -> TableTrace:
    """Where every column of a table comes from.

    Raises:
        UnknownNameError: there is no such table.
    """
    contract = contract_of(table)
    mart = marts_by_table().get(table)
    stream = _stream_behind(table)
    inputs: tuple[str, ...]
    if mart is not None:
        made_by, inputs = f"mart of {mart.subject}", mart.inputs
    elif _is_configured(table):
        made_by, inputs = "the lake's configuration", _CONFIGURATION[table]
    else:
        assert stream is not None  # noqa: S101 - every table is a mart's or a stream's
        is_merged = table == stream.table
        made_by = f"stream {stream.full_name}" if is_merged else f"restatements of {stream.table}"
        inputs = (f"exports of {stream.full_name}",) if is_merged else (stream.table,)
    return TableTrace(
        table=table,
        description=contract.description,
        made_by=made_by,
        inputs=inputs,
        readers=tuple(_reading_tables(table)),
        columns=tuple(trace_column(table, column.name) for column in contract.columns),
    )


def trace_column(table: str, column: str) -> ColumnTrace:
    """Where a column comes from and what is made from it; the name's case does not matter.

    Raises:
        UnknownNameError: there is no such table or column.
    """
    contract = contract_of(table)
    names = {c.name.lower(): c.name for c in contract.columns}
    told = contract.column(names.get(column.lower(), column))
    return ColumnTrace(
        table=table,
        column=told.name,
        description=told.description,
        origins=_origins(table, told.name),
        readers=_readers(ColumnRef(table=table, column=told.name)),
    )


def _origins(table: str, column: str) -> tuple[Origin, ...]:
    mart = marts_by_table().get(table)
    if mart is not None:
        refs = _lineage(table).get(column.lower(), ())
        return tuple(_of_column(ref) for ref in refs) or (_constant(table),)
    if _is_configured(table):
        return tuple(Origin(kind=CONFIGURATION, name=name) for name in _CONFIGURATION[table])
    stream = _stream_behind(table)
    assert stream is not None  # noqa: S101 - every table is a mart's or a stream's
    if table != stream.table:
        return _restated(stream, column)
    return _of_stream(stream, column)


_CONFIGURATION: Mapping[str, tuple[str, ...]] = {
    ARTIST_SPELLINGS: ("artists in aliases.toml",),
    ACCOUNT_SPELLINGS: ("accounts in aliases.toml and lake.toml", "accounts in capture records"),
}


def _is_configured(table: str) -> bool:
    return table in _CONFIGURATION


def _of_column(ref: ColumnRef) -> Origin:
    return Origin(
        kind=COLUMN, name=f"{ref.table}.{ref.column}", origins=_origins(ref.table, ref.column)
    )


def _of_stream(stream: Stream, column: str) -> tuple[Origin, ...]:
    """What the stream's SQL takes a column from; what it does not give, the capture does."""
    lineage = _lineage(stream.table)
    if column.lower() not in lineage:
        return (_of_capture(stream, column),)
    refs = lineage[column.lower()]
    return tuple(_of_source(stream, ref) for ref in refs) or (_constant(stream.table),)


def _of_source(stream: Stream, ref: ColumnRef) -> Origin:
    if ref.table in stream.aliases:
        note = "looked up by the reported name"
        return Origin(kind=ALIAS, name=f"{ref.table}.{ref.column}", note=note)
    if ref.column == _ORDINAL:
        note = "the record's place in the file; the first after the header is 1"
        return Origin(kind=RECORD, name=f"record of {stream.full_name}", note=note)
    return _of_header(stream, ref.column)


def _of_header(stream: Stream, column: str) -> Origin:
    headers = stream.contract.column(column).header_aliases
    listed = " or ".join(f"`{header}`" for header in headers)
    return Origin(
        kind=HEADER,
        name=f"{stream.full_name}.{column}",
        note=f"header {listed} of {stream.full_name}",
        headers=headers,
    )


def _of_capture(stream: Stream, column: str) -> Origin:
    return Origin(
        kind=CAPTURE,
        name=f"{stream.full_name} {column}",
        note=_FROM_CAPTURE.get(column, "added when captures are merged"),
    )


def _restated(stream: Stream, column: str) -> tuple[Origin, ...]:
    """Columns of restatements: the key, the value before and after, the capture."""
    refs = _restated_refs(stream, column)
    if refs:
        return tuple(_of_column(ref) for ref in refs)
    if column in _FROM_CAPTURE:
        return (_of_capture(stream, column),)
    note = "told by comparing captures in the order of their time"
    return (Origin(kind=MERGE, name=stream.table, note=note),)


def _restated_refs(stream: Stream, column: str) -> tuple[ColumnRef, ...]:
    """The staging columns whose values a column of the restatements tells."""
    contract = stream.contract
    if column in {"file_id", "as_of"}:
        return ()
    names: tuple[str, ...] = (column,)
    if column.startswith(("old_", "new_")):
        role = column[len("old_") :]
        told = contract.properties["measures" if role == "value" else role]
        names = (told,) if isinstance(told, str) else told
    known = {c.name for c in contract.columns}
    return tuple(ColumnRef(table=stream.table, column=name) for name in names if name in known)


def _constant(table: str) -> Origin:
    return Origin(
        kind=CONSTANT, name=f"SQL of {table}", note="a constant, or a count of rows: no column"
    )


def _readers(ref: ColumnRef) -> tuple[Reader, ...]:
    direct = [
        ColumnRef(table=table, column=column)
        for table, mart in marts_by_table().items()
        if ref.table in mart.inputs
        for column, refs in _lineage(table).items()
        if ref in refs
    ]
    stream = streams_by_table().get(ref.table)
    if stream is not None:
        restated = restatement_contract(stream.contract)
        direct += [
            ColumnRef(table=restated.table, column=column.name)
            for column in restated.columns
            if ref in _restated_refs(stream, column.name)
        ]
    return tuple(Reader(name=f"{r.table}.{r.column}", readers=_readers(r)) for r in direct)


def _reading_tables(table: str) -> Iterator[str]:
    stream = streams_by_table().get(table)
    if stream is not None:
        yield restatement_contract(stream.contract).table
    for name, mart in marts_by_table().items():
        if table in mart.inputs:
            yield name


@cache
def _lineage(table: str) -> Mapping[str, tuple[ColumnRef, ...]]:
    """Column to the columns that the table's own SQL takes it from."""
    mart = marts_by_table().get(table)
    if mart is not None:
        schema = {name: duckdb_types(contract_of(name)) for name in mart.inputs}
        return table_lineage(mart.sql, schema=schema)
    stream = streams_by_table()[table]
    source = {column.name: "varchar" for column in stream.contract.aliased_columns}
    aliases = {
        name: dict.fromkeys(next(csv.reader(io.StringIO(text))), "varchar")
        for name, text in stream.aliases.items()
    }
    schema = {"source": {_ORDINAL: "bigint", **source}, **aliases}
    return table_lineage(stream.sql, schema=schema)


def _stream_behind(table: str) -> Stream | None:
    """The stream whose staging table, or whose restatements, this is."""
    for stream in streams_by_table().values():
        if table in {stream.table, restatement_contract(stream.contract).table}:
            return stream
    return None
