"""Write-once files: set-aside notes, decisions, lake releases, run records."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bedrot.catalog.records import Decision, Release, RunRecord, Standing
from bedrot.errors import AlreadyExistsError, UnknownNameError
from bedrot.zones import journal
from bedrot.zones.lake import Lake

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


def release(number: int) -> Release:
    tables = {"fct": {"zone": "curated", "version": number, "rows": 1, "content_hash": "a"}}
    return Release(number=number, created_at=NOON, run_id=f"run-{number}", tables=tables)


def standing(reason: str = "cut off") -> Standing:
    return Standing(
        file_id="ab",
        source="distrokid",
        stream="earnings",
        name="given/ü.tsv",
        origin="gate",
        status="set_aside",
        code="truncated",
        reason=reason,
        judged_at=NOON,
    )


def run_record(run_id: str, minutes: int = 0) -> RunRecord:
    at = NOON + timedelta(minutes=minutes)
    return RunRecord(
        run_id=run_id,
        command="run",
        started_at=at,
        finished_at=at,
        outcome="published",
        standings=(standing().to_dict(),),
    )


def test_a_release_comes_back_as_it_was_written(lake: Lake) -> None:
    journal.publish(lake, release(1))
    assert journal.read_release(lake, 1) == release(1)


def test_a_release_number_is_given_once(lake: Lake) -> None:
    journal.publish(lake, release(1))
    with pytest.raises(AlreadyExistsError):
        journal.publish(lake, release(1))


def test_the_newest_release_is_the_one_of_the_highest_number(lake: Lake) -> None:
    assert journal.latest_release(lake) is None
    for number in (1, 2, 9, 10, 11):
        journal.publish(lake, release(number))
    assert journal.release_numbers(lake) == [1, 2, 9, 10, 11]
    assert journal.latest_release(lake) == release(11)


def test_a_release_that_is_not_there_is_named(lake: Lake) -> None:
    with pytest.raises(UnknownNameError, match="no lake release 7"):
        journal.read_release(lake, 7)


def test_decisions_are_kept_oldest_first(lake: Lake) -> None:
    later = Decision(kind="drop", file_id="b", decided_at=NOON + timedelta(seconds=1))
    first = Decision(kind="accept", file_id="c", decided_at=NOON, codes=("truncated",), reason="ja")
    journal.record_decision(lake, later)
    journal.record_decision(lake, first)
    assert journal.decisions(lake) == [first, later]


def test_a_decision_is_dated_in_utc_whatever_its_zone(lake: Lake) -> None:
    there = NOON.astimezone(timezone(timedelta(hours=-7)))
    journal.record_decision(lake, Decision(kind="drop", file_id="b", decided_at=there))
    [key] = lake.store.list("decisions")
    assert "20250601T120000" in key
    assert journal.decisions(lake)[0].decided_at == NOON


@pytest.mark.parametrize(
    "other",
    [
        Decision(kind="accept", file_id="b", decided_at=NOON, codes=("x",)),
        Decision(kind="drop", file_id="a", decided_at=NOON),
    ],
    ids=["of another file", "of another kind"],
)
def test_two_decisions_of_one_moment_are_both_kept(lake: Lake, other: Decision) -> None:
    first = Decision(kind="accept", file_id="a", decided_at=NOON, codes=("x",))
    journal.record_decision(lake, first)
    journal.record_decision(lake, other)
    kept = {decision.decision_id for decision in journal.decisions(lake)}
    assert kept == {first.decision_id, other.decision_id}


def test_a_note_is_kept_once_for_each_payload(lake: Lake) -> None:
    journal.set_aside(lake, standing())
    journal.set_aside(lake, standing("cut off, as before"))
    assert [s.reason for s in journal.gate_standings(lake)] == ["cut off, as before"]


def test_a_note_goes_when_the_payload_passes(lake: Lake) -> None:
    journal.set_aside(lake, standing())
    journal.take_back(lake, "distrokid", "earnings", "ab")
    assert list(journal.gate_standings(lake)) == []


def test_a_note_comes_back_as_it_was(lake: Lake) -> None:
    journal.set_aside(lake, standing())
    assert list(journal.gate_standings(lake)) == [standing()]


def test_run_records_are_kept_and_have_their_own_ids(lake: Lake) -> None:
    journal.record_run(lake, run_record("20250601T120100Z-b", 1))
    journal.record_run(lake, run_record("20250601T120000Z-a"))
    found = [run.run_id for run in journal.run_records(lake)]
    assert found == ["20250601T120000Z-a", "20250601T120100Z-b"]
    with pytest.raises(AlreadyExistsError):
        journal.record_run(lake, run_record("20250601T120000Z-a"))


def test_a_run_record_keeps_its_standings(lake: Lake) -> None:
    journal.record_run(lake, run_record("r"))
    [found] = journal.run_records(lake)
    assert Standing.from_dict(found.standings[0]) == standing()
