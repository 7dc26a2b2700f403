"""A small chart of the newest days of streams, one store below the other on one line of days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bedrot.cli.demo_truth import StreamsOfDay

DAYS_SHOWN = 21
LEGEND = "█ settled   ░ provisional: later pages still raise it   · no page tells it yet"

_HEIGHT = 5
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_PROVISIONAL = "░"
_UNTOLD = "·"
_COLUMN = 3
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def newest_days(days: Sequence[StreamsOfDay]) -> dict[str, dict[date, StreamsOfDay]]:
    """By store, what is known of the newest 21 days that any store tells."""
    if not days:
        return {}
    first = max(day.stream_date for day in days) - timedelta(days=DAYS_SHOWN - 1)
    found: dict[str, dict[date, StreamsOfDay]] = {}
    for day in days:
        if day.stream_date >= first:
            found.setdefault(day.store, {})[day.stream_date] = day
    return found


def chart_of_days(days: Sequence[StreamsOfDay]) -> Iterator[str]:
    """The lines of the chart, below 80 columns; each store's bars begin at 0 and have its scale."""
    stores = newest_days(days)
    if not stores:
        return
    last = max(day for told in stores.values() for day in told)
    shown = [last - timedelta(days=back) for back in reversed(range(DAYS_SHOWN))]
    highest = {
        store: max(day.streams for day in told.values()) or 1 for store, told in stores.items()
    }
    margin = max(len(f"{value:,}") for value in highest.values())
    for store in sorted(stores, key=lambda name: -highest[name]):
        yield store
        for level in reversed(range(_HEIGHT)):
            label = {_HEIGHT - 1: f"{highest[store]:,}", 0: "0"}.get(level, "")
            yield f"{label:>{margin}} │" + _bars(stores[store], shown, highest[store], level)
    yield " " * (margin + 2) + _labels(f"{day.day:>2}" for day in shown)
    yield " " * (margin + 2) + _labels(_WEEKDAYS[day.weekday()] for day in shown)
    yield " " * (margin + 2) + _labels(
        f"{day:%b}" if day == shown[0] or day.day == 1 else "" for day in shown
    )


def _bars(
    told: Mapping[date, StreamsOfDay], shown: Sequence[date], highest: int, level: int
) -> str:
    """One line of bars: `level` 0 is the lowest."""
    return _labels(_cell(told.get(day), highest, level) for day in shown)


def _cell(day: StreamsOfDay | None, highest: int, level: int) -> str:
    if day is None:
        return f" {_UNTOLD}" if level == 0 else ""
    eighths = day.streams * _HEIGHT * 8 // highest - 8 * level
    if day.is_provisional:
        # A shade has no eighths: it fills a cell from the middle on, the lowest in any case.
        return _PROVISIONAL * 2 if eighths >= 4 or level == 0 else ""
    return _EIGHTHS[max(0, min(8, eighths))] * 2


def _labels(texts: Iterator[str]) -> str:
    return "".join(f"{text:<{_COLUMN}}" for text in texts).rstrip()
