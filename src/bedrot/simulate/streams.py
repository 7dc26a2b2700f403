"""The label's streams by day and store: the plays of its sale lines, as a statistics page estimates them."""

import random
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bedrot.simulate.label import Draw, Label, add_months
from bedrot.simulate.market import SEASONS, WEEKDAYS

DailyStore = Literal["Spotify", "Apple Music"]

STORES: tuple[DailyStore, ...] = ("Spotify", "Apple Music")
"""The stores that tell streams by day, as royalty lines spell them."""

MOST_ERROR = 12_000
"""By how many millionths the estimate of a month may miss what is sold in the end."""

_GROWTH = 1_010
_MIDDLE = 15
_NOISE = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What one page tells: streams by day, of the whole account at one store."""

    store: DailyStore
    as_of: datetime
    days: Mapping[date, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreTruth:
    """What a lake that holds all pages of a store must publish.

    `days` have their streams as the newest page says that tells the day, `restated` is how often
    a page told another value of a day than the page before it that told the day.
    """

    store: DailyStore
    days: Mapping[date, int]
    provisional: tuple[date, ...]
    restated: int

    @property
    def total(self) -> int:
        """Streams of all days."""
        return sum(self.days.values())

    @property
    def last_day(self) -> date:
        """The newest day that any page tells."""
        return max(self.days)


@dataclass(frozen=True, kw_only=True, slots=True)
class DailyTruth:
    """What all pages together must publish.

    `agreeing` are the months and stores of which both sale lines and every day are known, whose
    sums must agree within 3 %.
    """

    stores: tuple[StoreTruth, ...]
    agreeing: tuple[tuple[str, str], ...]


def daily_streams(label: Label, store: DailyStore, *, until: date) -> dict[date, int]:
    """Streams of each day from the first sale month on, the day `until` included.

    A month with sale lines has their units, give or take the estimate's error; later months
    continue the trend of the last three.
    """
    draw = random.Random(label.seed * len(STORES) + STORES.index(store)).random  # noqa: S311 -- an invented world
    units = sold_units(label, store)
    days: dict[date, int] = {}
    month = date.fromisoformat(f"{min(units)}-01")
    while month <= until:
        total = units.get(f"{month:%Y-%m}")
        if total is None:
            total = _continued(units, month)
        else:
            error = int(draw() * (2 * MOST_ERROR + 1)) - MOST_ERROR
            missed = total * abs(error) // 1_000_000
            total += missed if error > 0 else -missed
        days |= _spread(draw, store, month, total)
        month = add_months(month, 1)
    return {day: streams for day, streams in days.items() if day <= until}


def sold_units(label: Label, store: DailyStore) -> dict[str, int]:
    """Units of a store's sale lines by sale month, in order; deductions repeat plays and are out."""
    units: Counter[str] = Counter()
    for line in label.lines:
        if line.store == store and line.earnings >= 0:
            units[line.sale_month] += line.quantity
    return dict(sorted(units.items()))


def daily_truth(label: Label, pages: Iterable[Told], *, provisional_days: int = 2) -> DailyTruth:
    """Put pages of one account together: the newest that tells a day says its streams.

    Args:
        label: Whose sale lines the days are held against.
        pages: In any order.
        provisional_days: How many of Apple Music's newest days still grow; Spotify has none.
    """
    ordered = sorted(pages, key=lambda page: page.as_of)
    stores = tuple(
        _store_truth(
            store,
            [page.days for page in ordered if page.store == store],
            provisional_days if store == "Apple Music" else 0,
        )
        for store in STORES
    )
    agreeing = (
        (one.store, month)
        for one in stores
        for month in sold_units(label, one.store)
        if all(day in one.days for day in _days_of(date.fromisoformat(f"{month}-01")))
    )
    return DailyTruth(stores=stores, agreeing=tuple(agreeing))


def _store_truth(
    store: DailyStore, pages: Sequence[Mapping[date, int]], provisional_days: int
) -> StoreTruth:
    days: dict[date, int] = {}
    restated = 0
    for page in pages:
        restated += sum(days.get(day, streams) != streams for day, streams in page.items())
        days |= page
    settled_until = max(days) - timedelta(days=provisional_days)
    return StoreTruth(
        store=store,
        days=dict(sorted(days.items())),
        provisional=tuple(sorted(day for day in days if day > settled_until)),
        restated=restated,
    )


def _continued(units: Mapping[str, int], month: date) -> int:
    """What the last three months' level comes to in a later month: its length, season and growth."""
    levels = []
    for name in [*units][-3:]:
        known = date.fromisoformat(f"{name}-01")
        levels.append(units[name] * 1_000_000 // (len(_days_of(known)) * SEASONS[known.month - 1]))
    level = sum(levels) // len(levels)
    while known < month:
        known = add_months(known, 1)
        level = level * _GROWTH // 1_000
    return level * len(_days_of(month)) * SEASONS[month.month - 1] // 1_000_000


def _spread(draw: Draw, store: DailyStore, month: date, total: int) -> dict[date, int]:
    """Spread a month's streams over its days; they add up to `total` exactly."""
    days = _days_of(month)
    weights = [
        WEEKDAYS[store][day.weekday()] * _season(day) * (1_000 - _NOISE // 2 + int(draw() * _NOISE))
        for day in days
    ]
    whole = sum(weights)
    spread: dict[date, int] = {}
    reached = given = 0
    for day, weight in zip(days, weights, strict=True):
        reached += weight
        spread[day] = total * reached // whole - given
        given += spread[day]
    return spread


def _season(day: date) -> int:
    """The season of a day: between the middles of two months, between their seasons."""
    first = day.replace(day=1)
    before = first if day.day >= _MIDDLE else add_months(first, -1)
    after = add_months(before, 1)
    passed = (day - before.replace(day=_MIDDLE)).days
    apart = (after - before).days
    one, other = SEASONS[before.month - 1], SEASONS[after.month - 1]
    return one + (other - one) * passed // apart


def _days_of(month: date) -> list[date]:
    return [
        month.replace(day=number) for number in range(1, monthrange(month.year, month.month)[1] + 1)
    ]
