"""A capture that lowers or changes many settled days is set aside; a few are restatements."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bedrot.catalog.records import CaptureRecord, Standing
from bedrot.pipeline.flow_comparison import CHANGES_DAYS, FlowComparison
from bedrot.pipeline.payloads import session
from bedrot.pipeline.timeline import Accepted, Comparing, Sight
from bedrot.sources.distrokid import APPLE_DAILY
from bedrot.zones.lake import Lake
from bedrot.zones.parts import Chunk, Profile

Seen = Callable[..., CaptureRecord]
Page = Callable[..., Sight]
FIRST = date(2025, 5, 1)
DAYS = {FIRST + timedelta(days=n): 100 + n for n in range(20)}
"""Twenty days; two of them are not settled, so eighteen are compared."""


@pytest.fixture
def page(tmp_path: Path, seen: Seen) -> Page:
    """A capture of some days as the merge sees it; a later call is a later capture."""
    made: list[str] = []

    def write(days: Mapping[date, int], *, account: str = "main", scope: str = "all") -> Sight:
        # What was compared is kept in the lake by its content, so equal rows have one name.
        name = hashlib.sha256(repr((scope, days)).encode()).hexdigest()
        made.append(name)
        rows = [
            {"scope": scope, "stream_date": day, "streams": streams}
            for day, streams in days.items()
        ]
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / name)
        capture = seen(name, name=f"{name}.html", account=account)
        chunk = Chunk(rows=len(rows), fingerprint=name, first=str(min(days)), last=str(max(days)))
        profile = Profile(
            file_id=capture.file_id,
            definition_id=APPLE_DAILY.definition_id,
            layout="apple_page",
            rows=len(rows),
            chunks={"2025-05": chunk},
            scope={"scope": (scope,)},
        )
        as_of = datetime(2025, 6, len(made), tzinfo=UTC)
        return Sight(capture=capture, profile=profile, as_of=as_of, as_of_from="name")

    return write


@pytest.fixture
def comparison(empty_lake: Lake, tmp_path: Path) -> Iterator[FlowComparison]:
    with session(empty_lake) as con:
        comparing = Comparing(
            con=con,
            lake=empty_lake,
            stream=APPLE_DAILY,
            chunk_file=lambda _partition, fingerprint: tmp_path / fingerprint,
        )
        yield FlowComparison(comparing)


def changed(count: int, by: int, *, last: bool = False) -> dict[date, int]:
    """The twenty days with some of the first, or of the last, changed."""
    days = sorted(DAYS, reverse=last)[:count]
    return {day: streams + (by if day in days else 0) for day, streams in DAYS.items()}


def found(
    comparison: FlowComparison, older: Sight, newer: Sight, accepted: Accepted | None = None
) -> list[tuple[str, str]]:
    comparison.count(older)
    return [(told.status, told.code) for told in comparison.found(newer, accepted or {})]


ASIDE = [("set_aside", CHANGES_DAYS)]


@pytest.mark.parametrize(
    ("count", "by", "expected"),
    [(2, -1, []), (3, -1, ASIDE), (18, -90, ASIDE), (9, 1, []), (10, 1, ASIDE)],
)
def test_few_changed_days_count_and_many_are_set_aside(
    comparison: FlowComparison, page: Page, count: int, by: int, expected: list[tuple[str, str]]
) -> None:
    assert found(comparison, page(DAYS), page(changed(count, by))) == expected


def test_three_lowered_days_of_many_are_few(comparison: FlowComparison, page: Page) -> None:
    days = {FIRST + timedelta(days=n): 100 for n in range(40)}
    lowered = {day: 99 if day < FIRST + timedelta(days=3) else 100 for day in days}
    assert found(comparison, page(days), page(lowered)) == []


def test_days_that_were_not_settled_may_change(comparison: FlowComparison, page: Page) -> None:
    assert found(comparison, page(DAYS), page(changed(4, -1, last=True))) == []
    assert found(comparison, page(DAYS), page(changed(5, -1, last=True))) == ASIDE


def test_new_days_and_missing_days_are_no_changes(comparison: FlowComparison, page: Page) -> None:
    later = {day + timedelta(days=9): streams for day, streams in DAYS.items()}
    kept = {day: DAYS.get(day, streams) for day, streams in later.items()}
    assert found(comparison, page(DAYS), page(kept)) == []


def test_the_reason_tells_how_many_days_and_what_to_do(
    comparison: FlowComparison, page: Page
) -> None:
    older, newer = page(DAYS), page(changed(5, -1))
    comparison.count(older)
    (told,) = comparison.found(newer, {})
    assert isinstance(told, Standing)
    assert "lowers 5 and changes 5 of 18 days" in told.reason
    assert older.capture.name in told.reason
    assert told.seen.startswith("2025-05-01: 100 to 99")
    assert f"quarantine accept {newer.capture.file_id}" in told.next_step


def test_what_a_person_accepted_counts_with_a_warning(
    comparison: FlowComparison, page: Page
) -> None:
    newer = page(changed(18, -90))
    accepted = {newer.capture.file_id: frozenset({CHANGES_DAYS})}
    assert found(comparison, page(DAYS), newer, accepted) == [("warning", CHANGES_DAYS)]


@pytest.mark.parametrize("other", [{"scope": "track:7001"}, {"account": "theirs"}])
def test_another_scope_or_account_is_not_compared(
    comparison: FlowComparison, page: Page, other: dict[str, str]
) -> None:
    assert found(comparison, page(DAYS), page(changed(20, -90), **other)) == []


def test_a_capture_is_compared_with_the_last_one_that_counts(
    comparison: FlowComparison, page: Page
) -> None:
    comparison.count(page(DAYS))
    lowered = changed(18, -90)
    assert comparison.found(page(lowered), {})
    # The one that was set aside is not counted, so the next is held against the first.
    assert comparison.found(page(DAYS), {}) == []
    comparison.count(page(lowered))
    assert comparison.found(page(lowered), {}) == []


def test_days_stay_settled_that_the_last_capture_did_not_tell(
    comparison: FlowComparison, page: Page
) -> None:
    comparison.count(page(DAYS))
    newest_days = {day: DAYS[day] for day in sorted(DAYS)[-3:]}
    assert found(comparison, page(newest_days), page(changed(18, -90))) == ASIDE


def test_the_first_capture_has_nothing_to_be_compared_with(
    comparison: FlowComparison, page: Page
) -> None:
    assert comparison.found(page(DAYS), {}) == []
