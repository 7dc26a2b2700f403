"""Figures by day as several captures tell them, put together by the rule of a flow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True, kw_only=True, slots=True)
class Told(Generic[V]):
    """What one capture tells of one series, such as a store, a campaign or an account: its days."""

    series: str
    as_of: datetime
    days: Mapping[date, V]


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowTruth(Generic[V]):
    """What a lake that holds all captures of a series must publish.

    `days` have their figures as the newest capture says that tells the day, `restated` is how often
    a capture told another value of a day than the one before it that told the day.
    """

    series: str
    days: Mapping[date, V]
    provisional: tuple[date, ...]
    restated: int

    @property
    def last_day(self) -> date:
        """The newest day that any capture tells."""
        return max(self.days)


def put_together(told: Iterable[Told[V]], *, provisional_days: int) -> tuple[FlowTruth[V], ...]:
    """Put the captures of one account and stream together, in any order.

    Args:
        told: May be of several series; what is told at one moment is one capture.
        provisional_days: A day still grows until a capture tells it that ends so many days later.
    """
    ordered = sorted(told, key=lambda capture: capture.as_of)
    ends: dict[datetime, date] = {}
    for capture in ordered:
        ends[capture.as_of] = max(*capture.days, ends.get(capture.as_of, date.min))
    settled = {at: end - timedelta(days=provisional_days) for at, end in ends.items()}
    return tuple(
        _series(name, [(one.days, settled[one.as_of]) for one in ordered if one.series == name])
        for name in sorted({capture.series for capture in ordered})
    )


def _series(name: str, captures: Sequence[tuple[Mapping[date, V], date]]) -> FlowTruth[V]:
    days: dict[date, V] = {}
    settled: set[date] = set()
    restated = 0
    for told, settled_until in captures:
        restated += sum(days.get(day, value) != value for day, value in told.items())
        days |= told
        settled |= {day for day in told if day <= settled_until}
    return FlowTruth(
        series=name,
        days=dict(sorted(days.items())),
        provisional=tuple(sorted(days.keys() - settled)),
        restated=restated,
    )
