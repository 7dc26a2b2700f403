"""The totals that a statistics page prints, held against the days of its charts."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from bedrot.extract.streams import Note
from bedrot.sources.distrokid.page_charts import Chart, days_of
from bedrot.sources.distrokid.page_errors import half_loaded, rejected
from bedrot.sources.distrokid.page_markup import Markup

TOTALS_DISAGREE = "totals_disagree"
TOTAL_DIFFERS = "total_differs"
TOTALS_UNCHECKED = "totals_unchecked"

_FIGURE = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15}")

Days = Mapping[date, int]


def spotify_findings(
    charts: Mapping[str, Chart], days: Days, markup: Markup, cap: date | None
) -> tuple[list[str], list[Note]]:
    """What sets a Spotify page aside, and what is only said.

    Raises:
        RejectedPayloadError: A total is missing, or a day of the 60-day chart is unreadable.
    """
    printed = {
        count: _printed(markup.labelled.get(f"last {count} days"), f"Last {count} days")
        for count in (365, 60, 7)
    }
    recent = days_of(charts["trend60day"], cap)
    wrong = list(
        _unequal(
            {"the page's total of 365 days": printed[365]},
            {
                "the days": sum(days.values()),
                "the weeks": charts["trendWeekly"].sum,
                "the months": charts["trendMonthly"].sum,
            },
        )
    )
    wrong += _unequal(
        {"the page's total of 60 days": printed[60]}, {"the 60-day chart": sum(recent.values())}
    )
    wrong += [
        f"`{day}` is {value} in the 60-day chart and {days.get(day, 'missing')} in the 365-day one"
        for day, value in recent.items()
        if days.get(day) != value
    ]
    if cap is None:
        return wrong, [_UNCHECKED]
    # The chart begins one day before the sixty days that end at the page's date.
    starts = {60: cap - timedelta(days=60), 7: cap - timedelta(days=6)}
    return wrong, list(_differing(printed, days, starts))


def apple_findings(
    charts: Mapping[str, Chart], days: Days, markup: Markup, cap: date | None
) -> tuple[list[str], list[Note]]:
    """What sets an Apple Music page aside, and what is only said.

    Raises:
        RejectedPayloadError: A total is missing.
    """
    printed = {
        count: _printed(markup.by_id.get(f"last{count}"), f"last{count}")
        for count in (365, 60, 30, 7)
    }
    wrong = list(
        _unequal(
            {"the page's total of 365 days": printed[365]},
            {
                "the days": sum(days.values()),
                "the weeks": charts["byWeek"].sum,
                "the months": charts["byMonth"].sum,
            },
        )
    )
    if cap is None:
        return wrong, [_UNCHECKED]
    one = timedelta(days=1)
    starts = {
        60: cap - timedelta(days=59),
        30: _month_before(cap) + one,  # the page means a calendar month
        7: cap - timedelta(days=6),
    }
    return wrong, list(_differing(printed, days, starts))


def list_findings(charts: Mapping[str, Chart], names: Iterable[str]) -> list[Note]:
    """The lists whose items do not add up to the total that their chart prints."""
    return [
        Note(
            code=TOTAL_DIFFERS,
            text=f"the chart `{name}` prints a total of {chart.total}, "
            f"and its items add up to {chart.sum}",
        )
        for name in names
        if (chart := charts.get(name)) is not None and chart.total not in {None, chart.sum}
    ]


def refuse_disagreement(wrong: list[str]) -> None:
    """Set the page aside if anything is wrong.

    Raises:
        RejectedPayloadError: With the first finding.
    """
    if wrong:
        msg = f"the page's own figures disagree: {wrong[0]}"
        raise rejected(msg, TOTALS_DISAGREE, seen="; ".join(wrong[:5]))


_UNCHECKED = Note(
    code=TOTALS_UNCHECKED,
    text="the page prints no server time, so its totals of the last days were not checked",
)


def _printed(text: str | None, name: str) -> int:
    if text is None or not _FIGURE.fullmatch(text):
        msg = f"its total `{name}` is missing"
        raise half_loaded(msg)
    return int(text.replace(",", ""))


def _unequal(printed: Mapping[str, int], found: Mapping[str, int]) -> Iterator[str]:
    for title, total in printed.items():
        for name, value in found.items():
            if value != total:
                yield f"{title} is {total}, and {name} add up to {value}"


def _differing(
    printed: Mapping[int, int], days: Days, starts: Mapping[int, date]
) -> Iterator[Note]:
    for count, start in starts.items():
        found = sum(value for day, value in days.items() if day >= start)
        if found != printed[count]:
            yield Note(
                code=TOTAL_DIFFERS,
                text=f"the page's total of {count} days is {printed[count]}, "
                f"and the days since {start} add up to {found}",
            )


def _month_before(day: date) -> date:
    """The same day of the calendar month before, or that month's last day."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
