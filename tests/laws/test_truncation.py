"""A file that was cut off is set aside, or harmless; never a wrong total."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bedrot.engine.session import connect
from bedrot.errors import RejectedPayloadError
from bedrot.pipeline.payloads import Payload, examine
from bedrot.sources.distrokid import EARNINGS
from bedrot.sources.distrokid.synthetic import CURRENT, LEGACY, EarningsLine, Layout, write_earnings
from bedrot.testing.lakes import lines_count, net, publish
from bedrot.testing.ledgers import Export, line, net_of

pytestmark = pytest.mark.soak

if TYPE_CHECKING:
    import duckdb

    from bedrot.zones.lake import Lake
    from bedrot.zones.parts import Profile

CUTS = 1000  # of each layout
SEED = 1587
# Amounts of every length, titles of one to four bytes a letter, quotes, and a line break: what a
# cut can fall into. No two begins of the ledger have one sum.
TITLES = ("Plain", "Café", "東京 Nights", "Rocket 🚀", "1,000 Miles; Home")
LINES = [
    line(
        f"{'-' if number % 7 == 0 else ''}{number * 37}.{number * 98765 % 100000000:08d}",
        on=f"2025-0{1 + number % 5}-1{number % 10}",
        song=number % 9,
        title=TITLES[number % len(TITLES)],
        country=("US", "NA", "XK")[number % 3],
        units=number * 1111,
    )
    for number in range(1, 61)
]
# Quoted fields can hold what ends a record or a field elsewhere.
QUOTED = [
    replace(one, title='Say "Hi",\r\nBob') if place % 5 == 0 else one
    for place, one in enumerate(LINES)
]
LAYOUTS = [
    pytest.param(LEGACY, LINES, id="legacy"),
    pytest.param(CURRENT, QUOTED, id="current"),
]
PREFIX_SUMS = list(itertools.accumulate((one.earnings for one in LINES), initial=Decimal(0)))


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    opened = connect(threads=1)
    yield opened
    opened.close()


def _positions(size: int, count: int) -> list[int]:
    return sorted(random.Random(SEED).sample(range(size), min(count, size)))


def _judged(
    lake: Lake, con: duckdb.DuckDBPyConnection, path: Path, content: bytes
) -> Profile | None:
    """Through the gate, the cheap checks first; None if it is refused or set aside."""
    path.write_bytes(content)
    if EARNINGS.recognise(path, EARNINGS) is None:
        return None
    try:
        EARNINGS.read(con, path, EARNINGS, path.parent / "spool", frozenset())
        return examine(lake, EARNINGS, Payload(path=path, file_id="cut"))
    except RejectedPayloadError:
        return None


@pytest.mark.parametrize(("layout", "lines"), LAYOUTS)
def test_a_file_cut_at_any_byte_is_set_aside_or_is_whole_records(
    lake: Lake,
    con: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    layout: Layout,
    lines: list[EarningsLine],
) -> None:
    content = write_earnings(lines, layout)
    lake.work.mkdir(exist_ok=True)
    accepted = []
    for size in _positions(len(content), CUTS):
        told = _judged(lake, con, tmp_path / "cut", content[:size])
        if told is not None:
            assert told.amount == PREFIX_SUMS[told.rows]
            accepted.append(content[:size])
    assert len(accepted) < CUTS // 20
    _assert_harmless(lake, layout, content, random.Random(SEED).sample(accepted, 3))


def _assert_harmless(lake: Lake, layout: Layout, content: bytes, cuts: list[bytes]) -> None:
    """Beside the full file, older, newer and without a time, the full total stands."""
    full = Export(name=f"full_20250601_120000.{layout.extension}", content=content)
    stamps = ("_20250501_120000", "_20250701_120000", "")
    parts = [
        Export(name=f"cut{stamp}.{layout.extension}", content=cut)
        for stamp, cut in zip(stamps, cuts, strict=True)
    ]
    publish(lake, parts[0], full, *parts[1:])
    assert (lines_count(lake), net(lake)) == (len(LINES), net_of(LINES))


@pytest.mark.parametrize(("layout", "lines"), LAYOUTS)
def test_a_cut_file_that_was_given_a_last_line_end_has_no_wrong_total(
    lake: Lake,
    con: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    layout: Layout,
    lines: list[EarningsLine],
) -> None:
    content = write_earnings(lines, layout)
    third_record = content.index(LINES[2].isrc.encode())
    lake.work.mkdir(exist_ok=True)
    for size in _positions(len(content), 30):
        if size > third_record:
            ended = content[:size].rstrip(b"\r\n") + layout.newline.encode()
            told = _judged(lake, con, tmp_path / "cut", ended)
            assert told is None or told.amount in PREFIX_SUMS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize(("layout", "lines"), LAYOUTS)
def test_a_cut_in_any_encoding_has_no_wrong_total(
    lake: Lake,
    con: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    layout: Layout,
    lines: list[EarningsLine],
    encoding: str,
) -> None:
    content = write_earnings(lines, layout, encoding=encoding)  # type: ignore[arg-type]
    lake.work.mkdir(exist_ok=True)
    tail = range(len(content) - 400, len(content), 3)
    for size in tail:
        told = _judged(lake, con, tmp_path / "cut", content[:size])
        assert told is None or told.amount == PREFIX_SUMS[told.rows]


def test_no_two_begins_of_the_ledger_have_one_sum() -> None:
    assert len(set(PREFIX_SUMS)) == len(LINES) + 1
