"""A synthetic music label: artists, recordings and two years of royalty lines from one seed."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from bedrot.simulate.market import (
    ALBUM_STORE,
    DEDUCTING_STORE,
    PAY_LEVELS,
    SEASONS,
    STORES,
    UNITLESS_STORE,
    StoreModel,
)
from bedrot.sources.distrokid.synthetic import EarningsLine

LAYOUT_CHANGE = date(2025, 7, 1)
"""Amounts reported before this day have 8 decimals, so that every layout prints them exactly."""

_LEGACY_STEP = 10_000
_FIRST_DEDUCTED_MONTH = "2025-01"
_MINUS_ZERO = Decimal("-0E-8")

_ARTISTS = ("Velda Quoyle", "The Tin Almanac", "OSKARINE", "Nightferry Nine", "Halm & Rook")
_SPECIAL_TITLES = ('"Hush", Said the Sea', "Fjärilsvägen (Été)")
_FIRST_WORDS = ("Paper", "Slow", "Copper", "Northern", "Borrowed", "Glass", "Seventh", "Low")
_SECOND_WORDS = ("Orchard", "Signal", "Harbour", "Machine", "Weather", "Parade", "Winter")
_MOST_RECORDINGS = len(_FIRST_WORDS) * len(_SECOND_WORDS)

Draw = Callable[[], float]
"""The next number of the seeded sequence, 0 included, 1 not.

Only `Random.random` is drawn from: its sequence is promised to stay the same in every Python.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recording:
    """One recording; `release_index` counts months from the first sale month.

    `popularity` is its units in the month of release, `split` what the label keeps of it.
    """

    artist: str
    title: str
    isrc: str
    upc: str
    release_index: int
    popularity: int
    split: int = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Truth:
    """What a lake that holds every line once must publish, exactly.

    Units of deductions are not in `sale_units`: they repeat plays that were already counted.
    The three mappings hold net amounts; stores are spelled as reported.
    """

    rows: int
    net: Decimal
    sales: Decimal
    deductions: Decimal
    sale_units: int
    deducted_units: int
    by_sale_month: Mapping[str, Decimal]
    by_store: Mapping[str, Decimal]
    by_artist: Mapping[str, Decimal]


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A label with all its lines, sorted by reporting date, and what they add up to."""

    seed: int
    artists: tuple[str, ...]
    recordings: tuple[Recording, ...]
    lines: tuple[EarningsLine, ...]
    truth: Truth


def make_label(
    seed: int = 1,
    *,
    first_month: str = "2024-06",
    months: int = 24,
    recordings: int = 30,
    volume: float = 1.0,
) -> Label:
    """Invent a label.

    Lines are reported up to two months after the last sale month; what the slower stores would
    report later is not there yet, as in any real account. `volume` scales the plays, and with
    them the number of lines.

    Raises:
        ValueError: More recordings than there are titles to invent, or fewer than four.
    """
    if not 4 <= recordings <= _MOST_RECORDINGS:
        msg = f"a label has 4 to {_MOST_RECORDINGS} recordings, not `{recordings}`"
        raise ValueError(msg)
    draw = random.Random(seed).random  # noqa: S311 -- an invented world, not a secret
    first = date.fromisoformat(f"{first_month}-01")
    catalogue = _catalogue(draw, recordings, first, months)
    last_report = add_months(first, months + 2) - timedelta(days=1)
    lines = sorted(
        (
            line
            for index in range(months)
            for line in _month_lines(draw, catalogue, first, index, volume)
            if line.reporting_date <= last_report
        ),
        key=lambda line: (line.reporting_date, line.sale_month, line.store, line.isrc),
    )
    return Label(
        seed=seed,
        artists=tuple(sorted({recording.artist for recording in catalogue})),
        recordings=catalogue,
        lines=tuple(lines),
        truth=truth_of(lines),
    )


def truth_of(lines: Iterable[EarningsLine]) -> Truth:
    """Add lines up; a value below zero is a deduction, zero of either sign a sale."""
    months, stores, artists = (defaultdict[str, Decimal](Decimal) for _ in range(3))
    money = {"sales": Decimal(0), "deductions": Decimal(0)}
    units: Counter[str] = Counter()
    rows = 0
    for line in lines:
        rows += 1
        kind = "deductions" if line.earnings < 0 else "sales"
        money[kind] += line.earnings
        units[kind] += line.quantity
        months[line.sale_month] += line.earnings
        stores[line.store] += line.earnings
        artists[line.artist] += line.earnings
    return Truth(
        rows=rows,
        net=money["sales"] + money["deductions"],
        sales=money["sales"],
        deductions=money["deductions"],
        sale_units=units["sales"],
        deducted_units=units["deductions"],
        by_sale_month=dict(sorted(months.items())),
        by_store=dict(sorted(stores.items())),
        by_artist=dict(sorted(artists.items())),
    )


def with_check_digit(digits: str) -> str:
    """Complete the first eleven digits of a UPC."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def add_months(month: date, count: int) -> date:
    """Move the first of a month by whole months."""
    ordinal = month.year * 12 + month.month - 1 + count
    return month.replace(year=ordinal // 12, month=ordinal % 12 + 1)


def _catalogue(draw: Draw, count: int, first: date, months: int) -> tuple[Recording, ...]:
    names = [f"{one} {two}" for two in _SECOND_WORDS for one in _FIRST_WORDS]
    titles = [*_SPECIAL_TITLES, *(names.pop(_below(draw, len(names))) for _ in range(count))]
    made = []
    for number in range(count):
        # The first third was out before; the rest comes one after the other, up to the end.
        old = count // 3
        index = -_below(draw, 12) if number < old else (number - old) * months // (count - old)
        year = add_months(first, index).year % 100
        made.append(
            Recording(
                artist=_ARTISTS[number % len(_ARTISTS)],
                title=titles[number],
                isrc=f"ZZBDR{year:02}{number + 1:05}",
                upc=with_check_digit(_upc_stem(number)),
                release_index=index,
                popularity=1_500 + _below(draw, 6_500),
                split=50 if number == 2 else 100,
            )
        )
    return tuple(made)


def _upc_stem(number: int) -> str:
    """Begin with 4, which is kept for use inside shops; one UPC has the zero that gets lost.

    Numbers that differ by as much as there are artists share an artist: 5 and 10 share a release.
    """
    release = 5 if number == 10 else number
    return f"04{release:09}" if release == 1 else f"40{release:09}"


def _month_lines(
    draw: Draw, catalogue: Sequence[Recording], first: date, index: int, volume: float
) -> Iterator[EarningsLine]:
    month = add_months(first, index)
    for store in STORES:
        usual = add_months(month, store.lag[0]).replace(day=5 + _below(draw, 22))
        late = add_months(month, store.lag[1]).replace(day=5 + _below(draw, 22))
        for recording in catalogue:
            plays = _plays(recording, index, month, volume)
            if plays:
                # A usual report comes in one go; one recording in fourteen slips to the late one.
                reported = late if _below(draw, 14) == 0 else usual
                yield from _store_lines(draw, recording, store, (month, reported), plays)
    yield from _odd_lines(draw, catalogue[0], month)


def _plays(recording: Recording, index: int, month: date, volume: float) -> int:
    """Count a month's plays: a fall after release, a floor, the season, slow growth."""
    age = index - recording.release_index
    if age < 0:
        return 0
    level = recording.popularity
    for _ in range(age):
        level = level * 9 // 10
    level = max(level, recording.popularity // 5)
    level = level * SEASONS[month.month - 1] * (1000 + 35 * index) // 1_000_000
    return int(level * volume)


def _store_lines(
    draw: Draw, recording: Recording, store: StoreModel, when: tuple[date, date], plays: int
) -> Iterator[EarningsLine]:
    for country, weight in store.places:
        for _ in range(store.splits):
            expected = plays * store.share * weight // store.splits
            # Millionths of a unit become units; what is left is the chance of one more.
            units = (
                expected * (600 + _below(draw, 800)) // 1000 + _below(draw, 1_000_000)
            ) // 1_000_000
            if units:
                yield from _country_lines(draw, recording, store, when, (country, units))
    if store.name == UNITLESS_STORE and _below(draw, 12) == 0:
        pennies = 1_000_000 + _below(draw, 60_000_000)
        yield _line(recording, store, when, ("US", 0), pennies)


def _country_lines(
    draw: Draw,
    recording: Recording,
    store: StoreModel,
    when: tuple[date, date],
    sold: tuple[str, int],
) -> Iterator[EarningsLine]:
    country, units = sold
    rate = store.rate * PAY_LEVELS[country] // 1000 * (850 + _below(draw, 300)) // 1000
    line = _line(recording, store, when, sold, units * rate)
    yield line
    if units == 1 and store.splits > 1 and _below(draw, 3) == 0:
        yield line  # The same line twice, and both are real.
    if store.name == DEDUCTING_STORE and line.sale_month >= _FIRST_DEDUCTED_MONTH and units > 4:
        part = units * max(0, _below(draw, 1000) - 600) // 1000
        if part:
            month, reported = when
            booked = reported + timedelta(days=_below(draw, 2))
            yield _line(recording, store, (month, booked), (country, part), -part * rate * 3 // 10)


def _odd_lines(draw: Draw, recording: Recording, month: date) -> Iterator[EarningsLine]:
    """Sell whole releases now and then; print one amount as minus zero, which is a sale."""
    reported = add_months(month, 2).replace(day=5 + _below(draw, 22))
    album = StoreModel(name=ALBUM_STORE, share=0, rate=0, lag=(2, 2))
    line = _line(recording, album, (month, reported), ("US", 1), 4_900_000_000_000)
    if _below(draw, 2):
        yield replace(line, title=f"{line.title} EP", isrc="", source_type="Album")
    if line.sale_month == _FIRST_DEDUCTED_MONTH:
        yield replace(line, store=DEDUCTING_STORE, country="IS", earnings=_MINUS_ZERO)


def _line(
    recording: Recording,
    store: StoreModel,
    when: tuple[date, date],
    sold: tuple[str, int],
    picodollars: int,
) -> EarningsLine:
    month, reported = when
    country, units = sold
    amount = picodollars * recording.split // 100
    is_legacy = reported < LAYOUT_CHANGE
    if is_legacy:
        amount = amount // _LEGACY_STEP * _LEGACY_STEP
    name = store.name
    if store.renamed_from_2025 and reported.year >= 2025:
        name = store.renamed_from_2025
    return EarningsLine(
        date_inserted=reported + timedelta(days=1),
        reporting_date=reported,
        sale_month=f"{month:%Y-%m}",
        store=name,
        artist=recording.artist,
        title=recording.title,
        isrc=recording.isrc,
        upc=recording.upc,
        quantity=units,
        team_percentage=Decimal(recording.split),
        country=country,
        earnings=Decimal(amount // _LEGACY_STEP).scaleb(-8)
        if is_legacy
        else Decimal(amount).scaleb(-12),
    )


def _below(draw: Draw, limit: int) -> int:
    return int(draw() * limit)
