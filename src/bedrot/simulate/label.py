"""A synthetic music label: artists, recordings and their royalty lines from one seed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from bedrot.simulate.catalogue import (
    HOUSE,
    Draw,
    Recording,
    Roster,
    below,
    drawn_from,
    make_catalogue,
)
from bedrot.simulate.days import add_months
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
_PLACE_OF_MORE = "US"
_FIRST_DEDUCTED_MONTH = "2025-06"
_MINUS_ZERO = Decimal("-0E-8")


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
    first_month: date
    sale_months: tuple[str, ...]
    artists: tuple[str, ...]
    recordings: tuple[Recording, ...]
    lines: tuple[EarningsLine, ...]
    truth: Truth


def make_label(
    seed: int = 1,
    *,
    first_month: str = "2025-03",
    months: int = 15,
    recordings: int = 30,
    volume: float = 1.0,
    roster: Roster = HOUSE,
) -> Label:
    """Invent a label.

    Lines are reported up to two months after the last sale month; what the slower stores would
    report later is not there yet, as in any real account. `volume` scales the plays, and with
    them the number of lines.

    Raises:
        ValueError: More recordings than there are titles to invent, or fewer than four.
    """
    draw = drawn_from(seed)
    first = date.fromisoformat(f"{first_month}-01")
    catalogue = make_catalogue(draw, recordings, first, months, roster)
    last_report = add_months(first, months + 2) - timedelta(days=1)
    lines = sorted(
        (
            line
            for index in range(months)
            for line in _month_lines(draw, catalogue, first, index, volume)
            if line.reporting_date <= last_report
        ),
        key=_order,
    )
    return Label(
        seed=seed,
        first_month=first,
        sale_months=tuple(f"{add_months(first, index):%Y-%m}" for index in range(months)),
        artists=tuple(sorted({recording.artist for recording in catalogue})),
        recordings=catalogue,
        lines=tuple(lines),
        truth=truth_of(lines),
    )


def with_more_plays(label: Label, store: str, plays: Mapping[tuple[str, str], int]) -> Label:
    """The same label, with more plays at a store; no other line is touched.

    They join the line of the US that has the most units, at what that line pays for each; where
    there is none, they are a line of their own.

    Args:
        label: Without them.
        store: As reported.
        plays: By ISRC and sale month. Months after the last one are left out.
    """
    lines = list(label.lines)
    most: dict[tuple[str, str], int] = {}
    for place, line in enumerate(lines):
        key = line.isrc, line.sale_month
        is_theirs = (line.store, line.country) == (store, _PLACE_OF_MORE) and line.earnings > 0
        if key in plays and is_theirs:
            most[key] = max(most.get(key, place), place, key=lambda at: lines[at].quantity)
    for key, place in most.items():
        lines[place] = _joined(lines[place], plays[key])
    more = [
        _own_line(label, store, key, units)
        for key, units in plays.items()
        if units and key not in most and key[1] in label.sale_months
    ]
    if more:
        lines = sorted([*lines, *more], key=_order)
    return replace(label, lines=tuple(lines), truth=truth_of(lines))


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


def _order(line: EarningsLine) -> tuple[date, str, str, str]:
    return line.reporting_date, line.sale_month, line.store, line.isrc


def _joined(line: EarningsLine, units: int) -> EarningsLine:
    """A line with more units, paid as it pays already."""
    more = int(line.earnings.scaleb(12)) * units // line.quantity
    return replace(
        line,
        quantity=line.quantity + units,
        earnings=line.earnings + _amount(more, is_legacy=line.reporting_date < LAYOUT_CHANGE),
    )


def _own_line(label: Label, store: str, key: tuple[str, str], units: int) -> EarningsLine:
    isrc, sale_month = key
    recording = next(recording for recording in label.recordings if recording.isrc == isrc)
    model = next(model for model in STORES if model.name == store)
    month = date.fromisoformat(f"{sale_month}-01")
    reported = add_months(month, model.lag[0]).replace(day=15)
    sold = _PLACE_OF_MORE, units
    return _line(recording, model, (month, reported), sold, units * model.rate)


def _month_lines(
    draw: Draw, catalogue: Sequence[Recording], first: date, index: int, volume: float
) -> Iterator[EarningsLine]:
    month = add_months(first, index)
    for store in STORES:
        usual = add_months(month, store.lag[0]).replace(day=5 + below(draw, 22))
        late = add_months(month, store.lag[1]).replace(day=5 + below(draw, 22))
        for recording in catalogue:
            plays = _plays(recording, index, month, volume)
            if plays:
                # A usual report comes in one go; one recording in fourteen slips to the late one.
                reported = late if below(draw, 14) == 0 else usual
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
                expected * (600 + below(draw, 800)) // 1000 + below(draw, 1_000_000)
            ) // 1_000_000
            if units:
                yield from _country_lines(draw, recording, store, when, (country, units))
    if store.name == UNITLESS_STORE and below(draw, 12) == 0:
        pennies = 1_000_000 + below(draw, 60_000_000)
        yield _line(recording, store, when, ("US", 0), pennies)


def _country_lines(
    draw: Draw,
    recording: Recording,
    store: StoreModel,
    when: tuple[date, date],
    sold: tuple[str, int],
) -> Iterator[EarningsLine]:
    country, units = sold
    rate = store.rate * PAY_LEVELS[country] // 1000 * (850 + below(draw, 300)) // 1000
    line = _line(recording, store, when, sold, units * rate)
    yield line
    if units == 1 and store.splits > 1 and below(draw, 3) == 0:
        yield line  # The same line twice, and both are real.
    if store.name == DEDUCTING_STORE and line.sale_month >= _FIRST_DEDUCTED_MONTH and units > 4:
        part = units * max(0, below(draw, 1000) - 600) // 1000
        if part:
            month, reported = when
            booked = reported + timedelta(days=below(draw, 2))
            yield _line(recording, store, (month, booked), (country, part), -part * rate * 3 // 10)


def _odd_lines(draw: Draw, recording: Recording, month: date) -> Iterator[EarningsLine]:
    """Sell whole releases now and then; print one amount as minus zero, which is a sale."""
    reported = add_months(month, 2).replace(day=5 + below(draw, 22))
    album = StoreModel(name=ALBUM_STORE, share=0, rate=0, lag=(2, 2))
    line = _line(recording, album, (month, reported), ("US", 1), 4_900_000_000_000)
    if below(draw, 2):
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
        earnings=_amount(amount, is_legacy=reported < LAYOUT_CHANGE),
    )


def _amount(picodollars: int, *, is_legacy: bool) -> Decimal:
    if is_legacy:
        return Decimal(picodollars // _LEGACY_STEP).scaleb(-8)
    return Decimal(picodollars).scaleb(-12)
