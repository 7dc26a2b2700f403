from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.simulate.demo_pages import AGAIN, RESTATED_DAYS, Page, page_files, pages_of
from bedrot.simulate.inbox import InboxFile, write_files
from bedrot.simulate.label import Label, make_label
from bedrot.simulate.streams import DailyTruth, Played, played
from bedrot.sources.distrokid import pages as reading
from bedrot.sources.distrokid.parser import sign_in_page

READERS = {"spotify_page": reading.read_spotify_days, "apple_page": reading.read_apple_days}
NOTHING: frozenset[str] = frozenset()

Written = tuple[tuple[InboxFile, ...], DailyTruth]


@pytest.fixture(scope="module")
def label() -> Label:
    return make_label(5, recordings=12)


@pytest.fixture(scope="module")
def plays(label: Label) -> Played:
    return played(label)


@pytest.fixture(scope="module")
def written(label: Label, plays: Played, tmp_path_factory: pytest.TempPathFactory) -> Written:
    made, truth = page_files(label, plays)
    return write_files(tmp_path_factory.mktemp("pages"), made), truth


@pytest.fixture(scope="module")
def spotify(plays: Played) -> list[Page]:
    return [page for page in pages_of(plays) if page.store == "Spotify"]


@pytest.fixture(scope="module")
def apple(plays: Played) -> list[Page]:
    return [page for page in pages_of(plays) if page.store == "Apple Music"]


def lag(page: Page) -> int:
    return (page.saved_at.date() - max(page.days)).days


def restated(pages: list[Page]) -> list[dict[date, tuple[int, int]]]:
    """What each page but the first says otherwise than the one before it."""
    return [
        {
            day: (old, new.days[day])
            for day, old in one.days.items()
            if new.days.get(day, old) != old
        }
        for one, new in pairwise(pages)
    ]


def of_kind(written: Written, kind: str) -> list[InboxFile]:
    return [file for file in written[0] if file.kind == kind]


def test_every_page_shows_the_trailing_year_or_all_that_there_is(plays: Played) -> None:
    for page in pages_of(plays):
        days = sorted(page.days)
        assert days[0] == max(days[-1] - timedelta(days=364), date(2025, 3, 1))
        assert len(days) == (days[-1] - days[0]).days + 1


def test_pages_of_a_store_leave_no_day_out(written: Written) -> None:
    for store in written[1].stores:
        days = list(store.days)
        assert days[0] == date(2025, 3, 1)
        assert len(days) == (days[-1] - days[0]).days + 1


def test_spotify_is_two_days_late_but_for_the_stall(spotify: list[Page]) -> None:
    assert Counter(lag(page) for page in spotify) == {2: 7, 4: 1, 6: 1}


def test_pages_of_the_stall_end_on_the_same_day(spotify: list[Page]) -> None:
    stalled = [page for page in spotify if max(page.days) == date(2026, 7, 25)]
    assert [page.saved_at.day for page in stalled] == [27, 29, 31]
    assert stalled[0].days == stalled[1].days == stalled[2].days


def test_apple_is_one_or_two_days_late(apple: list[Page]) -> None:
    assert {lag(page) for page in apple} == {1, 2}


def test_the_last_pages_are_of_consecutive_days(spotify: list[Page], apple: list[Page]) -> None:
    for pages in (spotify, apple):
        assert [f"{page.saved_at:%m-%d}" for page in pages[-4:]] == [
            *("08-03", "08-04", "08-05", "08-06")
        ]


def test_spotify_raises_settled_days_once(spotify: list[Page]) -> None:
    changes = [change for change in restated(spotify) if change]
    assert [tuple(change) for change in changes] == [RESTATED_DAYS]
    assert all(old < new for old, new in changes[0].values())


def test_apples_last_two_days_grow_from_page_to_page(apple: list[Page]) -> None:
    for page, change in zip(apple, restated(apple), strict=False):
        last = max(page.days)
        assert set(change) == {last - timedelta(days=1), last}
        assert all(old < new for old, new in change.values())


def test_restatements_are_counted_as_the_pages_show_them(
    written: Written, spotify: list[Page], apple: list[Page]
) -> None:
    expected = [sum(map(len, restated(pages))) for pages in (spotify, apple)]
    assert [store.restated for store in written[1].stores] == expected == [5, 12]


def test_the_last_two_days_of_apple_stay_provisional(written: Written) -> None:
    spotify, apple = written[1].stores
    assert (spotify.last_day, apple.last_day) == (date(2026, 8, 4), date(2026, 8, 5))
    assert (spotify.provisional, apple.provisional) == ((), (date(2026, 8, 4), date(2026, 8, 5)))


def test_one_moment_is_that_of_both_stores(plays: Played) -> None:
    moments = Counter(page.saved_at for page in pages_of(plays))
    assert [moment for moment, count in moments.items() if count > 1] == [min(moments)]


@pytest.mark.parametrize("kind", READERS)
def test_pages_that_land_pass_their_own_totals(written: Written, kind: str) -> None:
    for file in of_kind(written, kind):
        parsed = READERS[kind](file.path, NOTHING)
        assert parsed.notes == ()
        assert file.outcome == "known" or len(parsed.records) == file.lines


def test_apple_pages_list_what_the_label_has(written: Written, label: Label) -> None:
    newest = [file for file in of_kind(written, "apple_page") if file.outcome == "landed"][-1]
    parsed = reading.read_apple_breakdowns(newest.path, NOTHING)
    assert parsed.notes == ()
    assert {*parsed.columns["surface"]} == {*reading._SURFACES.values()}
    listed = zip(parsed.columns["surface"], parsed.columns["item_name"], strict=True)
    tracks = {name for surface, name in listed if surface == "tracks"}
    assert tracks <= {recording.title for recording in label.recordings}
    assert len(tracks) > 5


def test_lists_add_up_to_no_more_than_the_year(written: Written, apple: list[Page]) -> None:
    newest = [file for file in of_kind(written, "apple_page") if file.outcome == "landed"][-1]
    parsed = reading.read_apple_breakdowns(newest.path, NOTHING)
    sums: Counter[str] = Counter()
    for surface, streams in zip(parsed.columns["surface"], parsed.columns["streams"], strict=True):
        sums[surface or ""] += int(streams or 0)
    assert max(sums.values()) <= sum(apple[-1].days.values())


def test_the_page_of_one_track_is_set_aside_for_that(written: Written) -> None:
    (file,) = of_kind(written, "page_of_one_track")
    assert file.outcome == "set_aside"
    with pytest.raises(RejectedPayloadError, match="one track only"):
        reading.read_spotify_days(file.path, NOTHING)


def test_the_sign_in_page_has_the_name_of_an_apple_page(written: Written) -> None:
    (file,) = of_kind(written, "sign_in_page")
    assert file.outcome == "set_aside"
    assert file.path.name.startswith("applemusic_stats_")
    assert sign_in_page(file.path.read_bytes()) is not None


def test_one_page_lies_there_twice(written: Written) -> None:
    (again,) = [file for file in written[0] if file.outcome == "known"]
    first = again.path.parent.parent / again.path.name
    assert again.path.parent.name == AGAIN
    assert again.path.read_bytes() == first.read_bytes()
    # The folder is walked after the page, or the page itself would be the known one.
    assert again.path > first


def test_one_page_has_line_ends_of_windows(written: Written) -> None:
    landed = [file for file in written[0] if file.outcome == "landed"]
    assert [f"{file.as_of:%Y-%m-%d}" for file in landed if b"\r\n" in file.path.read_bytes()] == [
        "2026-06-02"
    ]


def test_the_same_label_gives_the_same_pages(
    written: Written, label: Label, plays: Played, tmp_path: Path
) -> None:
    made, daily = page_files(label, plays)
    assert daily == written[1]
    for one, other in zip(written[0], write_files(tmp_path, made), strict=True):
        assert one.path.read_bytes() == other.path.read_bytes()
