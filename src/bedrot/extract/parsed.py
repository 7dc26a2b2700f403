"""Documents that a parser turns into rows: pages and JSON, where no table of text lies in the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bedrot.engine.quoting import quoted
from bedrot.errors import RejectedPayloadError
from bedrot.extract.streams import (
    AccountInName,
    Hints,
    Holder,
    Moment,
    Note,
    Reading,
    Recognition,
    Redact,
    Stream,
)

if TYPE_CHECKING:
    import duckdb

    from bedrot.contracts.model import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a parser found in one document for one stream.

    `columns` gives the values of the contract's header columns by name, as text as the document
    writes it, null where it says nothing; a column that is not named is null throughout. `places`
    says where each row stands in the document, such as `trend365day[0]`, and `records` what stands
    there. `head` names the document in one line. `printed_at` is the time that the document prints
    as its own: aware UTC, midnight where only the day is certain, because it prints a clock of twelve
    hours, whose reading is `printed_clock`.
    """

    layout: str
    columns: Mapping[str, Sequence[str | None]]
    places: Sequence[str]
    records: Sequence[str]
    head: str
    printed_at: datetime | None = None
    printed_clock: time | None = None
    notes: tuple[Note, ...] = ()


Parse = Callable[[Path, frozenset[str]], Parsed]
"""Reads a document, or raises `RejectedPayloadError` unless its code is among the waived ones."""
HintedParse = Callable[[Path, frozenset[str], Mapping[str, str]], Parsed]
"""The same for documents that are read by hints from their capture."""


def parsed_stream(  # noqa: PLR0913 - what a source says of one stream
    package: str,
    source: str,
    name: str,
    *,
    recognise: Callable[[Path, Stream], Recognition | None],
    parse: Parse | HintedParse,
    hints: Hints | None = None,
    account_in_name: AccountInName | None = None,
    moment: Moment | None = None,
    captured_as: str = "",
    alias_tables: tuple[str, ...] = (),
    parser_version: int = 1,
    redact: Redact | None = None,
    holder: Holder | None = None,
) -> Stream:
    """A stream whose documents a parser turns into rows of text, which its SQL types.

    Args:
        package: The source's package (`__name__`), in whose folder SQL and contract lie.
        source: The source's name.
        name: The stream's name: `<name>.sql` and `contracts/<name>.odcs.yaml`.
        recognise: Knows the document by its content.
        parse: Turns it into rows; where there are `hints`, it is given them too.
        hints: What the reading takes from the capture.
        account_in_name: Reads the account from the name of the file or its archive.
        moment: Tells when a capture was true, where its archive says so.
        captured_as: The stream under whose name the documents are kept, where several streams
            read the same documents; its own name otherwise.
        alias_tables: Alias data that the SQL reads: `aliases/<table>.csv`.
        parser_version: To be raised when the parser gives other rows.
        redact: Masks secrets and personal data on the way into landing.
        holder: Tells whose account a document shows.
    """

    def read(
        con: duckdb.DuckDBPyConnection,
        path: Path,
        stream: Stream,
        _spool: Path,
        waived: frozenset[str] = frozenset(),
    ) -> Reading:
        parsed = _parsed(stream, parse, path, waived)
        _register(con, parsed, stream.contract)
        return Reading(
            layout=parsed.layout,
            printed_at=parsed.printed_at,
            printed_clock=parsed.printed_clock,
            notes=parsed.notes,
        )

    def records(path: Path, ordinals: set[int]) -> Mapping[int, str]:
        # What stands in the document does not depend on how it is read.
        parsed = _parsed(stream, parse, path, ANYTHING)
        told = {0: parsed.head}
        for ordinal in ordinals & set(range(1, len(parsed.records) + 1)):
            told[ordinal] = f"{parsed.places[ordinal - 1]}: {parsed.records[ordinal - 1]}"
        return {ordinal: told[ordinal] for ordinal in ordinals if ordinal in told}

    stream = Stream(
        source=source,
        name=name,
        folder=resources.files(package),
        recognise=recognise,
        read=read,
        misread=_misread,
        records=records,
        redact=redact,
        holder=holder,
        hints=hints,
        account_in_name=account_in_name,
        moment=moment,
        captured_as=captured_as or name,
        parser_version=parser_version,
        alias_tables=alias_tables,
    )
    return stream


def _parsed(
    stream: Stream, parse: Parse | HintedParse, path: Path, waived: frozenset[str]
) -> Parsed:
    if stream.hints is None:
        return cast("Parse", parse)(path, waived)
    return cast("HintedParse", parse)(path, waived, stream.given)


class _Anything(frozenset[str]):
    """Every code: a document that counts is printed whatever was said against it."""

    def __contains__(self, _code: object) -> bool:
        return True


ANYTHING: frozenset[str] = _Anything()


def _misread(path: Path) -> RejectedPayloadError:
    msg = f"the rows of `{path.name}` cannot be laid out as text"
    return RejectedPayloadError(msg, code="unreadable_record")


def _register(con: duckdb.DuckDBPyConnection, parsed: Parsed, contract: Contract) -> None:
    """Leave the table `source`: the contract's header columns as text, and `_row` from 1."""
    import pyarrow as pa

    count = len(parsed.records)
    arrays = {"_row": pa.array(range(1, count + 1), pa.int64())}
    for column in contract.aliased_columns:
        values = parsed.columns.get(column.name)
        given = [column.header_default] * count if values is None else list(values)
        arrays[column.name] = pa.array(given, pa.string())
    con.register("parsed_rows", pa.table(arrays))
    names = ", ".join(quoted(name) for name in arrays)
    con.execute(f"create or replace temp table source as select {names} from parsed_rows")
    con.unregister("parsed_rows")
