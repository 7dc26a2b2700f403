"""The demo from outside: it ends with equal truth, shows the days, and fails where anything differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bedrot.cli.demo_chart import DAYS_SHOWN, chart_of_days, newest_days
from bedrot.cli.demo_facts import Fact, Held, _held
from bedrot.cli.demo_join import Joined, say_join, weeks_of
from bedrot.cli.demo_truth import StreamsOfDay
from bedrot.simulate import demo
from bedrot.simulate.demo import Inbox
from bedrot.simulate.world import World

Command = Callable[..., Any]

LAST = date(2026, 8, 5)
FILES_LEFT = (
    "dk_bank_details_20250502_210410.tsv",
    "applemusic_stats_20260803_070418.html",
    "applemusic_stats_20260804_070424.html",
    "applemusic_stats_20260806_070436.html",
)


@pytest.fixture
def most_files_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the demo lose all of its files but four."""
    write_inbox = demo.write_inbox

    def write_and_lose(folder: Path, world: World) -> Inbox:
        inbox = write_inbox(folder, world)
        for file in inbox.files:
            if file.path.name not in FILES_LEFT:
                file.path.unlink()
        return inbox

    monkeypatch.setattr(demo, "write_inbox", write_and_lose)


def days(store: str, *streams: int, last: date = LAST, provisional: int = 0) -> list[StreamsOfDay]:
    """Consecutive days up to `last`, of which the newest are provisional."""
    return [
        StreamsOfDay(
            store=store,
            stream_date=last - timedelta(days=back),
            streams=value,
            is_provisional=back < provisional,
        )
        for back, value in zip(reversed(range(len(streams))), streams, strict=True)
    ]


def test_a_demo_that_loses_files_fails_and_says_what_differs(
    bedrot: Command, most_files_lost: None
) -> None:
    told = bedrot("demo", code=5)
    assert "the lake differs from the truth in: files as told, lines, net USD" in told.err
    assert "Apple Music: days, Apple Music: equal days, Apple Music: streams" in told.err
    assert "TikTok: rows of views, TikTok: equal rows of views, TikTok: sum of views" in told.err
    assert "Apple Music: last day" not in told.err
    assert "What changed: the newest 4 of 4 restated days" in told.out
    assert "░ provisional: later pages still raise it" in told.out
    assert "bedrot diff fct_streams_daily" in told.out


@pytest.mark.soak
@pytest.mark.slow
def test_the_demo_ends_with_equal_truth(bedrot: Command) -> None:
    told = bedrot("demo", "--seed", 7, "--json").document  # seed 1 is what `make demo` shows
    checks = {check["name"]: check["lake"] for check in told["checks"]}
    assert [check["name"] for check in told["checks"] if not check["is_equal"]] == []
    assert (checks["Spotify: restated"], checks["Apple Music: restated"]) == ("5", "12")
    assert (checks["Spotify: last day"], checks["Apple Music: provisional"]) == ("2026-08-04", "2")
    assert len(told["newest_days"]) == 2 * DAYS_SHOWN - 1
    assert sum(day["is_provisional"] for day in told["newest_days"]) == 2
    raised = [one for one in told["what_changed"] if one["store"] == "Spotify"]
    assert len(told["what_changed"]) == 17
    assert {one["file"] for one in raised} == {"streams_stats_20260805_070325.html"}
    assert {one["source"] for one in told["imported"] if one["outcome"] == "landed"} == {
        *("distrokid", "linktree", "metaads", "tiktok", "toolost")
    }
    flights = [week["days_with_ads"] for week in told["weeks"]]
    assert {0, 7} <= {*flights}
    assert all(
        (week["spend_usd"] is None) == (week["days_with_ads"] == 0) for week in told["weeks"]
    )


def test_a_fact_differs_where_a_row_is_lost_or_changed() -> None:
    fact = Fact(source="Acme", name="clicks", sql="", key=1, truth=lambda _inbox: ())
    true = [("a", 1), ("b", 2)]
    assert _held(fact, true, true).is_equal
    assert not _held(fact, true[:1], true).is_equal
    assert not _held(fact, [("a", 2), ("b", 1)], true).is_equal
    assert not _held(fact, [*true, ("c", 0)], true).is_equal


def test_rows_without_a_figure_add_nothing() -> None:
    fact = Fact(source="Acme", name="clicks", sql="", key=1, truth=lambda _inbox: ())
    rows = [("a", None), ("b", 2)]
    assert _held(fact, rows, rows) == Held(
        source="Acme", name="clicks", rows=2, expected=2, equal=2, total=2, true_total=2
    )


@pytest.fixture
def told() -> Joined:
    """Four weeks to a Sunday and two days more; ads in the second week, but on its first day."""
    first = date(2026, 6, 29)
    shown = [first + timedelta(days=n) for n in range(30)]
    flight = shown[8:14]
    return Joined(
        artist="Marrow Lane",
        campaign="Low Orchard",
        spend=dict.fromkeys(flight, Decimal("12.50")),
        ad_clicks=dict.fromkeys(flight, 40),
        page_clicks=dict.fromkeys(shown, 25),
        streams=dict.fromkeys(shown, 1_234_567),
        net={"2026-06": Decimal("12345.678901234567")},
    )


def test_a_week_says_on_which_days_ads_ran(told: Joined) -> None:
    weeks = weeks_of(told)
    assert [sum(week.days_on) for week in weeks] == [0, 6, 0, 0, 0]
    assert (weeks[1].spend, weeks[1].ad_clicks) == (Decimal(75), 240)
    assert (weeks[0].spend, weeks[0].page_clicks) == (None, 175)
    assert weeks[-1].stream_days == 2


def test_the_weeks_fit_80_columns(told: Joined, capsys: pytest.CaptureFixture[str]) -> None:
    say_join(told, 4_321)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert any("·■■■■■■" in line for line in lines)
    assert any("░" in line and "2026-07-27" in line for line in lines)
    assert "In truth the ads caused 4321 of these streams" in lines[-1]


def test_nothing_published_makes_no_weeks(told: Joined) -> None:
    assert weeks_of(replace(told, streams={})) == []


def test_the_chart_fits_80_columns() -> None:
    lines = [*chart_of_days(days("Spotify", *[1_234_567] * 40))]
    assert max(map(len, lines)) <= 78
    assert {line.count("██") for line in lines[1:6]} == {DAYS_SHOWN}


def test_provisional_days_have_another_shade() -> None:
    lines = [*chart_of_days(days("Apple Music", *[8] * 30, provisional=2))]
    assert lines[1].endswith("██ ██ ░░ ░░")


def test_a_day_that_no_page_tells_is_no_day_without_streams() -> None:
    told = [
        *days("Spotify", *[90] * 30, last=LAST - timedelta(days=1)),
        *days("Apple Music", *[0] * 30),
    ]
    lines = [*chart_of_days(told)]
    assert lines[5].endswith("██  ·")
    assert "·" not in lines[11]


def test_the_newest_days_are_those_of_the_store_that_reaches_furthest() -> None:
    told = [
        *days("Spotify", *[9] * 40, last=LAST - timedelta(days=3)),
        *days("Apple Music", *[9] * 40),
    ]
    shown = newest_days(told)
    assert {store: len(found) for store, found in shown.items()} == {
        "Spotify": DAYS_SHOWN - 3,
        "Apple Music": DAYS_SHOWN,
    }


def test_no_days_make_no_chart() -> None:
    assert [*chart_of_days([])] == []
