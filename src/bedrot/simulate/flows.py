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
        told: May be of several series; the newest day of any of them is the account's.
        provisional_days: How many of the account's newest days still grow.
    """
    ordered = sorted(told, key=lambda capture: capture.as_of)
    if not ordered:
        return ()
    newest = max(max(capture.days) for capture in ordered)
    settled_until = newest - timedelta(days=provisional_days)
    return tuple(
        _series(name, [one.days for one in ordered if one.series == name], settled_until)
        for name in sorted({capture.series for capture in ordered})
    )


def _series(name: str, captures: Sequence[Mapping[date, V]], settled_until: date) -> FlowTruth[V]:
    days: dict[date, V] = {}
    restated = 0
    for capture in captures:
        restated += sum(days.get(day, value) != value for day, value in capture.items())
        days |= capture
    return FlowTruth(
        series=name,
        days=dict(sorted(days.items())),
        provisional=tuple(sorted(day for day in days if day > settled_until)),
        restated=restated,
    )
