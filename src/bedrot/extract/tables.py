"""Delimited exports that a contract describes in full: recognising, reading and splitting them.

A source whose stream is such an export needs no parser of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.engine.quoting import literal, quoted
from bedrot.errors import RejectedPayloadError
from bedrot.extract import delimited
from bedrot.extract.streams import Reading, Recognition, Redact, Stream, header_key

if TYPE_CHECKING:
    import duckdb

    from bedrot.contracts.model import Column, Contract

TRUNCATED = "truncated"
_HEAD = 1 << 18


def recognise_table(path: Path, stream: Stream) -> Recognition | None:
    """Know an export by its header: most of the needed columns stand in it.

    A needed column may be missing: the file is then ours and set aside with that reason, which
    helps more than calling it unknown.
    """
    try:
        layout = delimited.read_layout(path, delimited.text_facts(path, limit=_HEAD))
    except RejectedPayloadError:
        return None
    if layout is None:
        return None
    known = _columns_by_header(stream.contract)
    found = {known[key] for key in map(header_key, layout.header) if key in known}
    needed = {column.name for column in stream.contract.columns if column.header_needed}
    if len(found & needed) * 4 < len(needed) * 3:
        return None
    return Recognition(stream=stream.name, sign=f"header of {layout.name}")


def read_table(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    stream: Stream,
    spool: Path,
    waived: frozenset[str] = frozenset(),
) -> Reading:
    """Lay a delimited export out as the view `source`.

    The view holds every column of the contract that has header aliases, as text, null where an
    optional header is missing, and `_row`, the record's ordinal from 1.

    Raises:
        RejectedPayloadError: no table, a needed header missing or doubled, or truncated
            (unless `waived` holds that code).
    """
    facts = delimited.text_facts(path)
    layout = delimited.read_layout(path, facts)
    if layout is None:
        msg = "the file is no table: its first line is no header"
        raise RejectedPayloadError(msg, code="not_a_table", seen=_first_line(path))
    columns, unknown = _map_header(layout, stream.contract)
    missing = _missing_headers(columns, stream.contract)
    amount = stream.contract.properties.get("amount")
    scales = delimited.last_scales(path, layout, columns.index(amount)) if amount in columns else []
    if TRUNCATED not in waived:
        delimited.refuse_truncated(facts, path, layout)
        delimited.refuse_short_amount(path, layout, scales)
    readable = delimited.readable_copy(path, facts, layout, spool)
    con.execute(_view(delimited.read_sql(readable, layout, columns), columns, stream.contract))
    return Reading(
        layout=layout.name,
        amount_scale=max(scales, default=0),
        unknown_headers=unknown,
        missing_headers=missing,
    )


def table_records(path: Path, ordinals: set[int]) -> Mapping[int, str]:
    """The wanted records as they stand in the file, by ordinal; 0 is the header."""
    facts = delimited.text_facts(path)
    layout = delimited.read_layout(path, facts)
    quoted_by = layout.quoted_by if layout else None
    last = max(ordinals, default=-1)
    found = {}
    for number, record in enumerate(delimited.records(path, facts.encoding, quoted_by=quoted_by)):
        if number in ordinals:
            found[number] = record
        if number >= last:
            break
    return found


def explain_misreading(path: Path) -> RejectedPayloadError:
    """Say which record of a table does not have the header's number of fields."""
    facts = delimited.text_facts(path)
    layout = delimited.read_layout(path, facts)
    shape = delimited.first_misshapen_record(path, layout) if layout else None
    if layout is None or shape is None:
        msg = "the table cannot be read: a quote is not closed or stands inside a field"
        return RejectedPayloadError(msg, code="unreadable_record")
    msg = (
        f"record {shape.number} has {shape.fields} fields where the header has {len(layout.header)}"
    )
    is_cut = shape.is_last and shape.fields < len(layout.header)
    return RejectedPayloadError(
        f"the last {msg}: the file was cut off" if is_cut else msg,
        code=TRUNCATED if is_cut else "misshapen_record",
        seen=f"`{shape.text[:160]}`",
        next_step="download the export again and import it",
    )


def table_stream(
    package: str,
    source: str,
    name: str,
    *,
    alias_tables: tuple[str, ...] = (),
    parser_version: int = 1,
    redact: Redact | None = None,
) -> Stream:
    """A stream whose exports are delimited tables: its contract and its SQL say everything.

    Args:
        package: The source's package (`__name__`), in whose folder they lie.
        source: The source's name.
        name: The stream's name: `<name>.sql` and `contracts/<name>.odcs.yaml`.
        alias_tables: Alias data that the SQL reads: `aliases/<table>.csv`.
        parser_version: To be raised when the code reads a payload in another way.
        redact: Masks secrets and personal data on the way into landing.
    """
    return Stream(
        source=source,
        name=name,
        folder=resources.files(package),
        recognise=recognise_table,
        read=read_table,
        misread=explain_misreading,
        records=table_records,
        redact=redact,
        parser_version=parser_version,
        alias_tables=alias_tables,
    )


def _columns_by_header(contract: Contract) -> dict[str, str]:
    return {
        header_key(alias): column.name
        for column in contract.columns
        for alias in column.header_aliases
    }


def _map_header(layout: delimited.Layout, contract: Contract) -> tuple[list[str], tuple[str, ...]]:
    """Names for the file's columns in its order; unknown ones get a name nobody reads."""
    known = _columns_by_header(contract)
    columns = []
    unknown = []
    for place, header in enumerate(layout.header):
        name = known.get(header_key(header))
        if name is None:
            unknown.append(header)
        columns.append(name or f"_unknown_{place}")
    doubled = [name for name, count in Counter(columns).items() if count > 1]
    if doubled:
        headers = [h for h, name in zip(layout.header, columns, strict=True) if name == doubled[0]]
        msg = f"{len(headers)} headers stand for one column: {', '.join(f'`{h}`' for h in headers)}"
        raise RejectedPayloadError(msg, code="doubled_header", seen=_seen_header(layout))
    needed = [c for c in contract.columns if c.header_needed and c.name not in columns]
    if needed:
        names = ", ".join(f"`{column.header_aliases[0]}`" for column in needed)
        msg = f"a needed column is missing: {names}"
        raise RejectedPayloadError(
            msg,
            code="missing_column",
            seen=_seen_header(layout),
            next_step="export the file with all columns; if the platform renamed one, add the "
            "new name to `headerAliases` in the contract",
        )
    return columns, tuple(unknown)


def _missing_headers(columns: list[str], contract: Contract) -> tuple[str, ...]:
    return tuple(
        column.name
        for column in contract.columns
        if column.header_aliases and column.name not in columns
    )


def _seen_header(layout: delimited.Layout) -> str:
    return "header: " + ", ".join(layout.header)


def _first_line(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(120)
    return f"`{head.decode('latin-1').splitlines()[0] if head.strip() else ''}`"


def _view(read: str, columns: list[str], contract: Contract) -> str:
    selected = [
        quoted(column.name)
        if column.name in columns
        else f"cast({_default(column)} as varchar) as {quoted(column.name)}"
        for column in contract.columns
        if column.header_aliases
    ]
    return (
        "create or replace temp view source as select row_number() over () as _row, "
        + ", ".join(selected)
        + f" from {read}"
    )


def _default(column: Column) -> str:
    """What stands where a file has no such column."""
    return "null" if column.header_default is None else literal(column.header_default)
