"""Responses of one visit, handed over one by one, in halves, in zips, and once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bedrot.catalog import index
from bedrot.errors import DecisionError
from bedrot.observe.progress import SILENT
from bedrot.pipeline import bringing
from bedrot.pipeline.bringing import Imported, Stated
from bedrot.pipeline.deciding import drop
from bedrot.pipeline.gate import finish_imports
from bedrot.pipeline.importing import import_paths
from bedrot.pipeline.judging import timeline_of
from bedrot.pipeline.running import admitted_captures
from bedrot.pipeline.staging import build_staging
from bedrot.pipeline.stating import state
from bedrot.pipeline.verifying import verify
from bedrot.sources.linktree import PROFILE_DAILY
from bedrot.sources.linktree.synthetic import Day, Link, Page, visit_responses
from bedrot.sources.linktree.synthetic_responses import overview_response
from bedrot.testing.lakes import NOW, contents, rebuild_lake, rows_of, run_lake, throwaway_lake
from bedrot.zones.lake import STAGING, Lake
from bedrot.zones.tables import open_table

Bring = Callable[..., dict[str, Imported]]

SEEN = datetime(2025, 5, 27, 14, 18, 26)  # noqa: DTZ001 - a clock on a wall
DAYS = [date(2025, 5, 21) + timedelta(days=n) for n in range(7)]
PAGE = Page(
    days={day: Day(views=10 + n, clicks=n) for n, day in enumerate(DAYS)},
    links=[Link(id=4711, title="Tin (ask owner@example.com)", clicks=dict.fromkeys(DAYS, 2))],
    socials={"instagram": {DAYS[3]: 7}},
)
VISIT = visit_responses(PAGE, SEEN, lengths=(3, 7))
OURS = {name: body for name, body in VISIT.items() if b"link" in body or b"Analytics" in body}
OURS = {name: body for name, body in OURS.items() if b"analyticsChat" not in body}


def hand_over(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (folder / name).write_bytes(body)
    return folder


def part(start: int, stop: int, step: int = 1) -> dict[str, bytes]:
    return dict(list(VISIT.items())[start:stop:step])


def shifted(minutes: int, **told: object) -> dict[str, bytes]:
    return visit_responses(PAGE, SEEN + timedelta(minutes=minutes), lengths=(7,), **told)  # type: ignore[arg-type]


def captures(lake: Lake) -> int:
    return len(admitted_captures(lake, PROFILE_DAILY))


def counting(lake: Lake) -> dict[str, tuple[str, ...]]:
    """The payloads that count, each with the names of its responses."""
    return {c.file_id: tuple(c.parameters["visit"]) for c in admitted_captures(lake, PROFILE_DAILY)}


def days(lake: Lake) -> dict[date, int]:
    """Views by day, from the table of days alone: no mart is built for it."""
    captures = admitted_captures(lake, PROFILE_DAILY)
    timeline = timeline_of(lake, PROFILE_DAILY, captures, [], SILENT)
    build_staging(lake, PROFILE_DAILY, timeline, [], SILENT)
    table = open_table(lake, STAGING, PROFILE_DAILY.table)
    assert table is not None
    rows = table.to_pyarrow_table().sort_by("visit_date").to_pylist()
    return {row["visit_date"]: row["views"] for row in rows}


@contextmanager
def imported(folder: Path, *batches: Mapping[str, bytes]) -> Iterator[Lake]:
    """A lake into which batches were imported, one after the other."""
    with throwaway_lake(folder / "lake") as lake:
        for number, batch in enumerate(batches):
            path = hand_over(folder / str(number) / "analytics", batch)
            list(import_paths(lake, [path], stated=Stated(), now=lambda: NOW))
        yield lake


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[str, ...]]:
    """What counts after the whole visit came at once."""
    with imported(tmp_path_factory.mktemp("whole"), VISIT) as lake:
        return counting(lake)


def test_a_visit_is_one_capture_whose_record_names_its_files(
    bring: Bring, lake: Lake, given: Path
) -> None:
    outcomes = bring(hand_over(given, VISIT))
    assert {one.outcome for name, one in outcomes.items() if name in OURS} == {"landed"}
    (capture,) = index.captures(lake.catalog)
    assert capture.name == "given/visit_20250527_141834.zip"
    assert sorted(capture.parameters["visit"].values()) == sorted(f"given/{name}" for name in OURS)
    assert capture.redactions["email"] == 2


def test_rows_are_told_once_in_the_outcomes_of_a_visit(bring: Bring, given: Path) -> None:
    first = bring(hand_over(given, VISIT))
    assert [one.rows for name, one in first.items() if name in OURS] == [7] + [0] * 9
    again = bring(given)
    assert sum(one.rows or 0 for one in again.values()) == 7


def test_what_tells_of_the_holder_is_counted_and_no_byte_of_it_lands(
    bring: Bring, lake: Lake, given: Path, holds: Callable[[bytes], list[str]]
) -> None:
    outcomes = bring(hand_over(given, VISIT))
    days(lake)
    refused = [one for one in outcomes.values() if one.outcome == "refused"]
    assert len(refused) == 8
    (capture,) = index.captures(lake.catalog)
    kinds = {name: n for name, n in capture.redactions.items() if name.startswith("refused ")}
    assert (sum(kinds.values()), kinds["refused currentUser"]) == (8, 2)
    for marker in (b"owner@example.com", b"Clicks went up", b"followerCount", b"PAID_DIGITAL"):
        assert holds(marker) == []


@pytest.mark.parametrize(
    "batches",
    [
        [part(0, 12), part(12, 18)],
        [part(12, 18), part(0, 12)],
        [part(0, 18, 2), part(1, 18, 2)],
        [part(14, 18), VISIT, part(9, 12)],
    ],
    ids=["halves", "halves turned", "interleaved", "overlapping"],
)
def test_a_visit_in_parts_is_the_whole_visit(
    batches: list[dict[str, bytes]], whole: Mapping[str, tuple[str, ...]], tmp_path: Path
) -> None:
    with imported(tmp_path, *batches) as lake:
        assert counting(lake) == whole


@pytest.mark.soak
@pytest.mark.slow  # four runs, each of all tables
def test_a_run_between_the_halves_changes_no_table_in_the_end(tmp_path: Path) -> None:
    with imported(tmp_path / "whole", VISIT) as lake:
        run_lake(lake)
        whole = contents(lake)
    with imported(tmp_path, part(12, 18)) as lake:
        run_lake(lake)
        path = hand_over(tmp_path / "second" / "analytics", part(0, 12))
        list(import_paths(lake, [path], stated=Stated(), now=lambda: NOW))
        run_lake(lake)
        assert contents(lake) == whole
        rebuild_lake(lake)
        assert contents(lake) == whole
        assert verify(lake).mismatches == ()


def test_a_zip_of_responses_is_the_same_visit(
    bring: Bring,
    lake: Lake,
    given: Path,
    zipped: Callable[..., bytes],
    whole: Mapping[str, tuple[str, ...]],
) -> None:
    (given / "responses.zip").write_bytes(zipped(VISIT))
    bring(given)
    assert counting(lake) == whole
    (capture,) = index.captures(lake.catalog)
    assert not capture.name.startswith("/")
    assert all(" > graphql_" in name for name in capture.parameters["visit"].values())
    (given / "responses.zip").unlink()
    loose = bring(hand_over(given, OURS))
    assert {one.outcome for one in loose.values()} == {"known"}


def test_a_visit_as_the_lake_keeps_it_can_be_handed_over(
    bring: Bring, lake: Lake, given: Path, tmp_path: Path
) -> None:
    bring(hand_over(given, OURS))
    (landed,) = (lake_root for lake_root in tmp_path.glob("lake/landing/linktree/*/*/payload"))
    copy = tmp_path / "visit_copy.zip"
    copy.write_bytes(landed.read_bytes())
    told = [one.outcome for one in bring(copy).values()]
    assert (told.count("known"), told.count("refused")) == (10, 1)  # its manifest is no response


def test_a_visit_that_comes_again_is_known(bring: Bring, lake: Lake, given: Path) -> None:
    bring(hand_over(given, VISIT))
    again = bring(given)
    assert {one.outcome for name, one in again.items() if name in OURS} == {"known"}
    assert len(index.captures(lake.catalog)) == 1
    half = bring(*(given / name for name in list(OURS)[:3]))
    assert {one.outcome for one in half.values()} == {"known"}


@pytest.mark.parametrize(("minutes", "visits"), [((0, 10), 1), ((0, 11), 2), ((0, 20, 10), 1)])
def test_moments_at_most_ten_minutes_apart_are_one_visit(
    minutes: tuple[int, ...], visits: int, tmp_path: Path
) -> None:
    body = next(iter(OURS.values()))
    batches = [
        {f"graphql_{SEEN + timedelta(minutes=m):%Y%m%d_%H%M%S}_000000.json": body + b" " * m}
        for m in minutes
    ]
    with imported(tmp_path, *batches) as lake:
        assert captures(lake) == visits


def test_two_accounts_never_join(bring: Bring, lake: Lake, given: Path) -> None:
    half, rest = dict(list(OURS.items())[:5]), dict(list(OURS.items())[5:])
    bring(hand_over(given / "one", half), account="one")
    bring(hand_over(given / "two", rest), account="two")
    told = [(c.account_id, len(c.parameters["visit"])) for c in index.captures(lake.catalog)]
    assert sorted(told) == [("one", 5), ("two", 5)]


def test_accounts_of_one_inbox_never_join(bring: Bring, lake: Lake, given: Path) -> None:
    half, rest = part(0, 12), part(12, 18)
    hand_over(given / "inbox" / "linktree" / "one", half)
    hand_over(given / "inbox" / "linktree" / "two", rest)
    bring()
    told = {c.account_id: c for c in index.captures(lake.catalog)}
    assert {name: len(c.parameters["visit"]) for name, c in told.items()} == {"one": 4, "two": 6}
    refused = {name: c.redactions.get("refused currentUser") for name, c in told.items()}
    assert refused == {"one": 2, "two": None}


def test_a_response_that_was_cut_off_is_set_aside_alone(
    bring: Bring, lake: Lake, given: Path
) -> None:
    hand_over(given, VISIT)
    cut = next(name for name, body in reversed(OURS.items()) if b'"overview"' in body)
    (given / cut).write_bytes(OURS[cut][:-50])
    outcomes = bring(given)
    assert outcomes[cut].outcome == "set_aside"
    assert "cut off" in outcomes[cut].reason
    others = {one.outcome for name, one in outcomes.items() if name in OURS and name != cut}
    assert others == {"landed"}
    assert days(lake) == {day: 10 + n for n, day in enumerate(DAYS) if n > 3}  # the short window's
    assert bring(given)[cut].outcome == "known"
    # Captured whole, it joins the rest.
    (given / cut).write_bytes(OURS[cut])
    assert bring(given)[cut].outcome == "landed"
    assert captures(lake) == 1


def test_responses_without_a_time_wait_for_one_that_is_stated(
    bring: Bring, lake: Lake, given: Path
) -> None:
    hand_over(given, {f"response-{n}.json": body for n, body in enumerate(OURS.values())})
    aside = bring(given)
    assert {one.outcome for one in aside.values()} == {"set_aside"}
    assert all("--as-of" in one.next_step for one in aside.values())
    stated = bring(given, as_of=datetime(2025, 5, 28, 9, tzinfo=UTC))
    assert {one.outcome for one in stated.values()} == {"landed"}
    assert {one.as_of for one in stated.values()} == {datetime(2025, 5, 28, 9, tzinfo=UTC)}
    assert sum(days(lake).values()) == 91


def test_their_time_can_be_stated_where_they_were_set_aside(
    bring: Bring, lake: Lake, given: Path
) -> None:
    hand_over(given, {f"response-{n}.json": body for n, body in enumerate(OURS.values())})
    (file_id,) = {one.file_id for one in bring(given).values()}
    state(lake, file_id, Stated(as_of=datetime(2025, 5, 28, 9, tzinfo=UTC)), clock=lambda: NOW)
    assert sum(days(lake).values()) == 91
    assert index.standings(lake.catalog) == []


def test_a_time_in_the_folder_counts_where_names_have_none(bring: Bring, given: Path) -> None:
    folder = hand_over(given / "20250527_141826", {"a.json": next(iter(OURS.values()))})
    (told,) = bring(folder).values()
    assert (told.as_of, told.as_of_from) == (SEEN.replace(tzinfo=UTC), "name")


def test_a_dry_run_writes_nothing(bring: Bring, given: Path, root: Path) -> None:
    before = sorted(path for path in root.rglob("*") if path.is_file())
    outcomes = bring(hand_over(given, VISIT), dry_run=True)
    assert [one.outcome for name, one in outcomes.items() if name in OURS] == ["landed"] * 10
    assert sorted(path for path in root.rglob("*") if path.is_file()) == before


def test_a_later_visit_corrects_the_last_day_of_an_earlier_one(tmp_path: Path) -> None:
    later = Page(days={**PAGE.days, DAYS[-1]: Day(views=40)})
    second = visit_responses(later, SEEN + timedelta(days=1), last_day=DAYS[-1], lengths=(3,))
    with imported(tmp_path, second, VISIT) as lake:
        assert list(days(lake).values()) == [10, 11, 12, 13, 14, 15, 40]


def test_a_landed_visit_is_judged_later_where_the_import_was_stopped(tmp_path: Path) -> None:
    with imported(tmp_path, VISIT) as lake:
        for path in (tmp_path / "lake" / "raw").rglob("*"):
            if path.is_file():
                path.chmod(0o644)
                path.unlink()
        finish_imports(lake, [])
        assert captures(lake) == 1


def test_stating_the_time_on_import_ends_what_stood_against_them(
    bring: Bring, lake: Lake, given: Path
) -> None:
    hand_over(given, {f"response-{n}.json": body for n, body in enumerate(OURS.values())})
    bring(given)
    bring(given, as_of=datetime(2025, 5, 28, 9, tzinfo=UTC))
    assert index.standings(lake.catalog) == []
    assert {one.outcome for one in bring(given).values()} == {"known"}


GOOD = "graphql_20250527_141827_000000.json"
OTHER = "graphql_20250527_141831_000000.json"
BY_WEEK = "graphql_20250527_141829_000000.json"


def overview(first: int, last: int) -> bytes:
    return overview_response(PAGE, (DAYS[first], DAYS[last]))


@pytest.mark.parametrize("order", [[0, 1, 2], [0, 2, 1], [1, 0, 2]])
def test_a_response_that_fails_takes_no_other_with_it_in_any_order(
    tmp_path: Path, order: list[int]
) -> None:
    bad = overview(0, 6).replace(b"2025-05-24", b"2025-04-13")
    files = [{GOOD: overview(0, 2)}, {BY_WEEK: bad}, {OTHER: overview(3, 6)}]
    with imported(tmp_path, *(files[place] for place in order)) as lake:
        assert days(lake) == {day: 10 + n for n, day in enumerate(DAYS)}
        assert {standing.name for standing in index.standings(lake.catalog)} == {
            f"analytics/{BY_WEEK}"
        }


def test_a_half_that_was_dropped_does_not_come_back_with_the_whole(tmp_path: Path) -> None:
    with imported(tmp_path, {GOOD: overview(0, 2)}) as lake:
        (capture,) = index.captures(lake.catalog)
        drop(lake, capture.file_id, clock=lambda: NOW)
        path = hand_over(tmp_path / "more", {OTHER: overview(5, 6)})
        list(import_paths(lake, [path], stated=Stated(), now=lambda: NOW))
        run_lake(lake)
        assert [r["visit_date"] for r in rows_of(lake, DAYS_TOLD)] == DAYS[5:]


DAYS_TOLD = "select visit_date from stg_linktree__profile_daily order by 1"


def test_a_half_of_a_whole_is_not_dropped_alone(tmp_path: Path) -> None:
    with imported(tmp_path, {GOOD: overview(0, 2)}, {OTHER: overview(5, 6)}) as lake:
        half = next(c for c in index.captures(lake.catalog) if len(c.parameters["visit"]) == 1)
        with pytest.raises(DecisionError, match="counts as a whole") as caught:
            drop(lake, half.file_id, clock=lambda: NOW)
        (whole,) = counting(lake)
        assert whole in str(caught.value.next_step)


def test_what_landed_before_a_crash_is_packed_with_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with imported(tmp_path / "one", {GOOD: overview(0, 2)}, {OTHER: overview(5, 6)}) as lake:
        whole = set(counting(lake))
    with throwaway_lake(tmp_path / "lake") as lake:
        for number, name in enumerate((GOOD, OTHER)):
            with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
                if not number:
                    patch.setattr(bringing, "pass_gate", killed)
                    patch.setattr(index, "index_captures", killed_with_records)
                body = overview(0, 2) if name == GOOD else overview(5, 6)
                path = hand_over(tmp_path / str(number) / "analytics", {name: body})
                list(import_paths(lake, [path], stated=Stated(), now=lambda: NOW))
        run_lake(lake)
        assert set(counting(lake)) == whole


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def killed_with_records(_: object, records: Sequence[object], **_told: object) -> None:
    if records:
        raise KeyboardInterrupt
