"""The tests that every stream has to pass, made from a few of its payloads.

In the test folder of a source:

    TestSales = source_suite(SALES, [Example(name="two_lines.csv", content=..., rows=2)])
"""

from __future__ import annotations

import io
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import duckdb
import pytest

from bedrot.catalog import index
from bedrot.catalog.records import CaptureRecord
from bedrot.engine.portability import lint_sql
from bedrot.engine.session import connect
from bedrot.errors import RejectedPayloadError
from bedrot.observe.progress import SILENT
from bedrot.pipeline.gate import pass_gate
from bedrot.pipeline.judging import timeline_of
from bedrot.pipeline.payloads import Payload, examine, load_aliases
from bedrot.pipeline.staging import StagingBuild, build_staging
from bedrot.sources import all_sources
from bedrot.testing.lakes import throwaway_lake
from bedrot.zones.lake import STAGING
from bedrot.zones.landing import land, payload_key, sha256_of
from bedrot.zones.tables import open_table

if TYPE_CHECKING:
    from bedrot.extract.streams import Stream
    from bedrot.zones.lake import Lake

_CUTS = 60
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_STRANGERS = {
    "an empty file": b"",
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "an HTML page": b"<!doctype html><html><body>Sign in</body></html>",
    "a JSON document": b'{"data": []}',
    "a letter": b"Dear Sir or Madam,\nthank you for your order, paid; shipped.\n",
    "a table of other things": b"Name,City,Street\nA,B,C\n",
}
_SECRETS = {
    "e-mail address": re.compile(rb"[\w.+-]+@[\w-]+\.[\w.]{2,}"),
    "access token": re.compile(rb"access_token=[\w-]+|\bBearer [\w.-]{16,}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A generated payload and what is true of it.

    `amount` and `units` are the sums of the columns that the contract names so; what is None is
    not compared.
    """

    name: str
    content: bytes
    rows: int
    amount: Decimal | None = None
    units: int | None = None


def source_suite(stream: Stream, payloads: Sequence[Example]) -> type[SourceSuite]:
    """A class of tests for a stream; give it a name that begins with `Test`.

    Each payload has to be whole and pass the gate; what the stream sets aside is for tests of
    the source's own.
    """
    if not payloads:
        msg = f"`{stream.full_name}` needs at least one example"
        raise ValueError(msg)
    return type("SourceSuite", (SourceSuite,), {"stream": stream, "examples": tuple(payloads)})


class SourceSuite:
    """What holds for every stream. Made by `source_suite`."""

    stream: ClassVar[Stream]
    examples: ClassVar[tuple[Example, ...]]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Give every test that asks for an `example` each of them in turn."""
        if "example" in metafunc.fixturenames:
            metafunc.parametrize("example", self.examples, ids=[e.name for e in self.examples])
        if "stranger" in metafunc.fixturenames:
            metafunc.parametrize("stranger", _STRANGERS)

    def test_the_table_is_named_after_the_source(self) -> None:
        assert self.stream.table.startswith(f"stg_{self.stream.source}__")
        assert self.stream.contract.is_staging

    def test_the_sql_passes_the_lint(self) -> None:
        ratios = [column.name for column in self.stream.contract.columns if column.is_ratio]
        assert lint_sql(self.stream.sql, double_columns=ratios) == []

    def test_a_colleague_finds_a_readme(self) -> None:
        assert self.stream.folder.joinpath("README.md").read_text(encoding="utf-8").strip()

    def test_the_sql_gives_the_columns_of_the_contract(
        self, example: Example, tmp_path: Path
    ) -> None:
        promised = {column.name for column in self.stream.contract.read_columns}
        rows = _rows(self.stream, example.content, tmp_path)
        assert set(rows[0]) == promised | {"_row"}

    def test_it_is_known_whatever_its_name(self, example: Example, tmp_path: Path) -> None:
        path = _written(example.content, tmp_path)
        assert self.stream.recognise(path, self.stream) is not None

    def test_no_other_stream_claims_it(self, example: Example, tmp_path: Path) -> None:
        path = _written(example.content, tmp_path)
        others = [
            stream.full_name
            for source in all_sources()
            for stream in source.streams
            if (stream.source, stream.captured_as) != (self.stream.source, self.stream.captured_as)
            and stream.recognise(path, stream) is not None
        ]
        assert others == []

    def test_a_stranger_is_not_claimed(self, stranger: str, tmp_path: Path) -> None:
        path = _written(_STRANGERS[stranger], tmp_path)
        assert self.stream.recognise(path, self.stream) is None

    def test_it_comes_out_whole(self, example: Example, tmp_path: Path) -> None:
        path = _written(example.content, tmp_path)
        with throwaway_lake(tmp_path / "lake") as lake:
            profile = examine(lake, self.stream, Payload(path=path, file_id="0" * 16))
        assert profile.rows == example.rows
        assert example.amount is None or profile.amount == example.amount
        assert example.units is None or profile.units == example.units
        assert [rule for rule in profile.rules if rule.severity == "error"] == []

    def test_it_is_read_the_same_twice(self, example: Example, tmp_path: Path) -> None:
        first = _rows(self.stream, example.content, tmp_path)
        assert _rows(self.stream, example.content, tmp_path) == first

    def test_every_row_has_its_record(self, example: Example, tmp_path: Path) -> None:
        numbers = {row["_row"] for row in _rows(self.stream, example.content, tmp_path)}
        found = self.stream.records(_written(example.content, tmp_path), numbers)
        assert {number for number, record in found.items() if record.strip()} == numbers

    def test_a_cut_file_is_set_aside_or_harmless(self, example: Example, tmp_path: Path) -> None:
        chance = random.Random(0)  # noqa: S311 - the same cuts every time
        size = len(example.content)
        with _session(self.stream) as con:
            whole = _counted(_read(con, self.stream, example.content, tmp_path))
            for cut in sorted(chance.sample(range(size), min(_CUTS, size))):
                try:
                    rows = _read(con, self.stream, example.content[:cut], tmp_path)
                except (RejectedPayloadError, duckdb.Error):
                    continue
                assert _counted(rows) <= whole, f"cut after {cut} bytes"

    def test_its_rows_reach_the_staging_table_once(self, example: Example, tmp_path: Path) -> None:
        with throwaway_lake(tmp_path / "lake") as lake:
            record = _landed(lake, self.stream, example, tmp_path)
            first = _built(lake, self.stream, record)
            second = _built(lake, self.stream, record)
            table = open_table(lake, STAGING, self.stream.table)
            assert table is not None
            rows = table.to_pyarrow_table().to_pylist()
        assert len(rows) == example.rows == first.changes[0].rows_written
        assert {row["_file_id"] for row in rows} == {record.file_id}
        assert not any(change.is_changed for change in second.changes)
        amount = self.stream.contract.properties.get("amount")
        if amount is not None and example.amount is not None:
            assert sum(row[amount] or 0 for row in rows) == example.amount

    def test_nothing_secret_is_landed(self, example: Example) -> None:
        landed = example.content
        if self.stream.redact is not None:
            masked = io.BytesIO()
            self.stream.redact(io.BytesIO(landed), masked)
            landed = masked.getvalue()
        assert [kind for kind, pattern in _SECRETS.items() if pattern.search(landed)] == []


def _written(content: bytes, folder: Path) -> Path:
    path = folder / "payload"
    path.write_bytes(content)
    return path


@contextmanager
def _session(stream: Stream) -> Iterator[duckdb.DuckDBPyConnection]:
    con = connect(threads=1)
    try:
        for name, text in stream.aliases.items():
            load_aliases(con, name, text)
        yield con
    finally:
        con.close()


def _rows(stream: Stream, content: bytes, folder: Path) -> list[dict[str, Any]]:
    """The typed rows of a payload, before any lake is asked."""
    with _session(stream) as con:
        return _read(con, stream, content, folder)


def _read(
    con: duckdb.DuckDBPyConnection, stream: Stream, content: bytes, folder: Path
) -> list[dict[str, Any]]:
    stream.read(con, _written(content, folder), stream, folder / "spool", frozenset())
    found = con.sql(f"select * from ({stream.sql}) order by _row").to_arrow_table()
    return list(found.to_pylist())


def _counted(rows: Sequence[Mapping[str, Any]]) -> Counter[str]:
    return Counter(repr(sorted(row.items())) for row in rows)


def _landed(lake: Lake, stream: Stream, example: Example, folder: Path) -> CaptureRecord:
    """Land an example and put it through the gate."""
    path = _written(example.content, folder)
    record = CaptureRecord(
        source=stream.source,
        stream=stream.captured_as,
        account_id=lake.config.default_account,
        sha256=sha256_of(path),
        size_bytes=path.stat().st_size,
        name=example.name,
        as_of_stated=_NOW,  # levels and totals are about a moment
        landed_at=_NOW,
    )
    land(lake, path, record)
    index.index_captures(lake.catalog, [record])
    pass_gate(lake, [stream], record, lake.store.local(payload_key(record)), frozenset())
    return record


def _built(lake: Lake, stream: Stream, record: CaptureRecord) -> StagingBuild:
    return build_staging(lake, stream, timeline_of(lake, stream, [record], [], SILENT), [], SILENT)
