"""What a file lacks: filtered away, or cut off; and that what is set aside counts for nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bedrot.sources.distrokid.synthetic import CURRENT, EarningsLine
from bedrot.testing.lakes import contents, lines_count, net, publish, standings_of
from bedrot.testing.ledgers import Export, export, line, net_of

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake

JUNE, JULY, AUGUST = "20250601", "20250701", "20250801"

LEDGER = [
    line(
        f"{number + 1}.25000000",
        on=day,
        sold=month,
        store=store,
        artist=artist,
        song=song,
    )
    for number, (day, month, store, (artist, song)) in enumerate(
        (day, month, store, who)
        for day, month in (
            ("2025-03-20", "2025-01"),
            ("2025-04-20", "2025-02"),
            ("2025-04-21", "2025-01"),
        )
        for store in ("Spotify", "Tidal")
        for who in (("Ada", 1), ("Bob", 2))
    )
]
FULL = export(LEDGER, JUNE)

FILTERS: dict[str, Callable[[EarningsLine], bool]] = {
    "artist": lambda one: one.artist == "Ada",
    "store": lambda one: one.store == "Tidal",
    "sale month": lambda one: one.sale_month == "2025-01",
    "last days": lambda one: one.reporting_date >= date(2025, 4, 20),
    "first days": lambda one: one.reporting_date <= date(2025, 4, 20),
    "artist and store": lambda one: one.artist == "Bob" and one.store == "Tidal",
}


def _without(*places: int) -> Export:
    return export([one for place, one in enumerate(LEDGER) if place not in places], JULY)


@pytest.mark.parametrize("name", FILTERS)
def test_a_filtered_export_counts_and_takes_nothing_away(lake: Lake, name: str) -> None:
    filtered = export(filter(FILTERS[name], LEDGER), JULY, layout=CURRENT)
    _, told = publish(lake, FULL, filtered)
    assert "set_aside" not in standings_of(lake, told.file_id).values()
    assert (lines_count(lake), net(lake)) == (len(LEDGER), net_of(LEDGER))


def test_that_an_export_is_filtered_is_said_as_information(lake: Lake) -> None:
    filtered = export(filter(FILTERS["artist"], LEDGER), JULY)
    _, told = publish(lake, FULL, filtered)
    assert "information" in standings_of(lake, told.file_id).values()


@pytest.mark.parametrize("places", [(4,), (8,), (4, 5, 6)])
def test_an_export_that_lacks_lines_of_what_it_holds_is_set_aside(
    lake: Lake, places: tuple[int, ...]
) -> None:
    _, told = publish(lake, FULL, _without(*places))
    assert standings_of(lake, told.file_id)["lacks_lines"] == "set_aside"
    assert (lines_count(lake), net(lake)) == (len(LEDGER), net_of(LEDGER))


def test_what_a_set_aside_file_says_otherwise_is_not_published(lake: Lake) -> None:
    publish(lake, FULL)
    before = contents(lake)
    odd = [line("999.00000000", on="2025-04-20", country="XK"), *LEDGER[1:]]
    _, told = publish(lake, FULL, export(odd, JULY))
    assert standings_of(lake, told.file_id)["lacks_lines"] == "set_aside"
    assert contents(lake) == before


def test_a_file_that_breaks_a_rule_is_set_aside_and_changes_no_figure(lake: Lake) -> None:
    publish(lake, FULL)
    before = contents(lake)
    early = line("5.00000000", on="2025-04-22", sold="2025-09")
    (told,) = publish(lake, export([*LEDGER, early], JULY))
    assert told.outcome == "set_aside"
    assert "set_aside" in standings_of(lake, told.file_id).values()
    assert contents(lake) == before


def test_a_truncated_export_is_set_aside_though_it_came_first(lake: Lake) -> None:
    (told,) = publish(lake, _without(4))
    publish(lake, FULL)
    assert standings_of(lake, told.file_id)["lacks_lines"] == "set_aside"
    assert (lines_count(lake), net(lake)) == (len(LEDGER), net_of(LEDGER))


def test_an_older_and_shorter_export_is_in_order(lake: Lake) -> None:
    older = export(LEDGER[:4], "20250401")
    _, told = publish(lake, FULL, older)
    assert "set_aside" not in standings_of(lake, told.file_id).values()
    assert net(lake) == net_of(LEDGER)


def test_a_set_aside_file_is_no_measure_for_later_ones(lake: Lake) -> None:
    extra = line("9.00000000", on="2025-04-20", country="XK")
    truncated = export([*LEDGER[:4], extra, *LEDGER[5:]], JULY)
    *_, last = publish(lake, FULL, truncated, export(LEDGER, AUGUST, layout=CURRENT))
    assert "set_aside" not in standings_of(lake, last.file_id).values()
    assert net(lake) == net_of(LEDGER)


def test_another_account_is_no_measure(lake: Lake) -> None:
    shorter = export(LEDGER[1:], JULY, account_id="theirs")
    _, told = publish(lake, export(LEDGER, JUNE, account_id="ours"), shorter)
    assert "set_aside" not in standings_of(lake, told.file_id).values()
    assert net(lake) == net_of(LEDGER) + net_of(LEDGER[1:])
