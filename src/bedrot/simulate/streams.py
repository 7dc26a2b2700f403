"""Streams by day and store: the plays of sale lines, as a statistics page estimates them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bedrot.simulate.catalogue import Draw, drawn_from
from bedrot.simulate.days import add_months, days_of, shared_out
from bedrot.simulate.flows import FlowTruth, Told, put_together
from bedrot.simulate.label import Label
from bedrot.simulate.market import SEASONS, WEEKDAYS

DailyStore = Literal["Spotify", "Apple Music"]

STORES: tuple[DailyStore, ...] = ("Spotify", "Apple Music")
"""The stores that tell streams by day, as royalty lines spell them."""

PROVISIONAL_DAYS: Mapping[DailyStore, int] = {"Spotify": 0, "Apple Music": 2}
"""How many of a store's newest days still grow."""

MOST_ERROR = 12_000
"""By how many millionths the estimate of a month may miss what is sold in the end."""

_GROWTH = 1_010
_MIDDLE = 15
_NOISE = 60
_NEW = 14
_LEAST_LEVEL = 200
_LEVELS = tuple(max(_LEAST_LEVEL, 1_000 - 3 * age) + 100 * max(0, _NEW - age) for age in range(267))
"""How much a recording is played on each day since it came out; later it stays at the least."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """What is known of one account's plays before they have days.

    `sold` are units of sale lines by sale month, `more` the plays among them that ads brought and
    the later ones, by day. `releases` are days on which music came out, with its popularity.
    """

    seed: int
    sold: Mapping[DailyStore, Mapping[str, int]]
    releases: Sequence[tuple[date, int]] = ()
    more: Mapping[DailyStore, Mapping[date, int]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class DailyTruth:
    """What all pages together must publish.

    `agreeing` are the months and stores of which both sale lines and every day are known, whose
    sums must agree within 3 %.
    """

    stores: tuple[FlowTruth[int], ...]
    agreeing: tuple[tuple[str, str], ...]


def played(label: Label, more: Mapping[DailyStore, Mapping[date, int]] | None = None) -> Played:
    """The plays of a label, whose lines hold those that ads brought."""
    return Played(
        seed=label.seed,
        sold={store: sold_units(label, store) for store in STORES},
        releases=tuple(
            (recording.released_on(label.first_month), recording.popularity)
            for recording in label.recordings
        ),
        more=more or {},
    )


def daily_streams(plays: Played, store: DailyStore, *, until: date) -> dict[date, int]:
    """Streams of each day from the first sale month on, the day `until` included.

    A month with sale lines has their units, give or take the estimate's error; later months
    continue the trend of the last three. What ads brought stands on its own days, on top of what
    would have been played without them.

    Raises:
        ValueError: Ads are said to have brought more than was sold in a month.
    """
    draw = drawn_from(plays.seed * len(STORES) + STORES.index(store))
    more = plays.more.get(store, {})
    units = _without(plays.sold[store], more)
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
        days |= _spread(draw, store, month, total, plays.releases)
        month = add_months(month, 1)
    return {day: streams + more.get(day, 0) for day, streams in days.items() if day <= until}


def sold_units(label: Label, store: DailyStore) -> dict[str, int]:
    """Units of a store's sale lines by sale month, in order; deductions repeat plays and are out."""
    units: Counter[str] = Counter()
    for line in label.lines:
        if line.store == store and line.earnings >= 0:
            units[line.sale_month] += line.quantity
    return dict(sorted(units.items()))


def daily_truth(plays: Played, pages: Iterable[Told[int]]) -> DailyTruth:
    """Put pages of one account together: the newest that tells a day says its streams.

    Args:
        plays: Whose sale lines the days are held against.
        pages: In any order; their series is the store.
    """
    told = list(pages)
    stores = tuple(
        truth
        for store in STORES
        for truth in put_together(
            [page for page in told if page.series == store],
            provisional_days=PROVISIONAL_DAYS[store],
        )
    )
    agreeing = (
        (store, month)
        for store, one in zip(STORES, stores, strict=True)
        for month in plays.sold[store]
        if all(day in one.days for day in days_of(date.fromisoformat(f"{month}-01")))
    )
    return DailyTruth(stores=stores, agreeing=tuple(agreeing))


def by_month(days: Mapping[date, int]) -> dict[str, int]:
    """Sums of the days of each month, in order."""
    months: Counter[str] = Counter()
    for day, streams in days.items():
        months[f"{day:%Y-%m}"] += streams
    return dict(sorted(months.items()))


def _without(sold: Mapping[str, int], more: Mapping[date, int]) -> dict[str, int]:
    """What the sale lines would hold without what ads brought."""
    brought = by_month(more)
    left = {month: units - brought.get(month, 0) for month, units in sold.items()}
    if min(left.values()) < 0:
        month = min(left, key=left.__getitem__)
        msg = f"ads cannot have brought `{brought[month]}` of `{sold[month]}` plays in {month}"
        raise ValueError(msg)
    return left


def _continued(units: Mapping[str, int], month: date) -> int:
    """What the last three months' level comes to in a later month: its length, season and growth."""
    levels = []
    for name in [*units][-3:]:
        known = date.fromisoformat(f"{name}-01")
        levels.append(units[name] * 1_000_000 // (len(days_of(known)) * SEASONS[known.month - 1]))
    level = sum(levels) // len(levels)
    while known < month:
        known = add_months(known, 1)
        level = level * _GROWTH // 1_000
    return level * len(days_of(month)) * SEASONS[month.month - 1] // 1_000_000


def _spread(
    draw: Draw,
    store: DailyStore,
    month: date,
    total: int,
    releases: Sequence[tuple[date, int]],
) -> dict[date, int]:
    """Spread a month's streams over its days; they add up to `total` exactly."""
    days = days_of(month)
    weights = [
        WEEKDAYS[store][day.weekday()]
        * _season(day)
        * _level(day, releases)
        * (1_000 - _NOISE // 2 + int(draw() * _NOISE))
        for day in days
    ]
    return dict(zip(days, shared_out(total, weights), strict=True))


def _level(day: date, releases: Sequence[tuple[date, int]]) -> int:
    """How much of the catalogue is played on a day: new music most, and less with every month."""
    level = 0
    for released, popularity in releases:
        age = (day - released).days
        if age >= 0:
            level += popularity * (_LEVELS[age] if age < len(_LEVELS) else _LEAST_LEVEL)
    return level or 1


def _season(day: date) -> int:
    """The season of a day: between the middles of two months, between their seasons."""
    first = day.replace(day=1)
    before = first if day.day >= _MIDDLE else add_months(first, -1)
    after = add_months(before, 1)
    passed = (day - before.replace(day=_MIDDLE)).days
    apart = (after - before).days
    one, other = SEASONS[before.month - 1], SEASONS[after.month - 1]
    return one + (other - one) * passed // apart
