"""Invented catalogues: artists, recordings, and the days on which their music comes out."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bedrot.simulate.days import add_months, first_friday

_FIRST_WORDS = ("Paper", "Slow", "Copper", "Northern", "Borrowed", "Glass", "Seventh", "Low")
_SECOND_WORDS = ("Orchard", "Signal", "Harbour", "Machine", "Weather", "Parade", "Winter")
MOST_RECORDINGS = len(_FIRST_WORDS) * len(_SECOND_WORDS)

Draw = Callable[[], float]
"""The next number of a seeded sequence, 0 included, 1 not.

Only `Random.random` is drawn from: its sequence is promised to stay the same in every Python.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Roster:
    """The artists of one account at a distributor, and how its catalogue is numbered.

    `isrc_stem` and `upc_stem` keep the codes of two accounts apart; UPCs that begin with 4 are
    kept for use inside shops.
    """

    artists: tuple[str, ...]
    special_titles: tuple[str, ...] = ()
    isrc_stem: str = "ZZBDR"
    upc_stem: str = "40"


HOUSE = Roster(
    artists=("Velda Quoyle", "The Tin Almanac", "OSKARINE", "Nightferry Nine", "Halm & Rook"),
    special_titles=('"Hush", Said the Sea', "Fjärilsvägen (Été)"),
)
"""The label's own account, at DistroKid."""

GUEST = Roster(artists=("Marrow Lane",), isrc_stem="ZZTLB", upc_stem="41")
"""One artist whose music another distributor, TooLost, delivers."""


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

    def released_on(self, first_month: date) -> date:
        """The first Friday of its month of release."""
        return first_friday(add_months(first_month, self.release_index))


def drawn_from(*numbers: int) -> Draw:
    """A sequence of its own for each tuple of numbers, so that no part of a world moves another."""
    seed = 0
    for number in numbers:
        seed = seed * 1_000_003 + number
    return random.Random(seed).random  # noqa: S311 -- an invented world, not a secret


def below(draw: Draw, limit: int) -> int:
    """A whole number from 0 to `limit`, which is not included."""
    return int(draw() * limit)


def make_catalogue(
    draw: Draw, count: int, first: date, months: int, roster: Roster = HOUSE
) -> tuple[Recording, ...]:
    """Invent recordings that come out one after the other; the first third was out before.

    Raises:
        ValueError: More recordings than there are titles to invent, or fewer than four.
    """
    if not 4 <= count <= MOST_RECORDINGS:
        msg = f"a label has 4 to {MOST_RECORDINGS} recordings, not `{count}`"
        raise ValueError(msg)
    names = [f"{one} {two}" for two in _SECOND_WORDS for one in _FIRST_WORDS]
    titles = [*roster.special_titles, *(names.pop(below(draw, len(names))) for _ in range(count))]
    made = []
    for number in range(count):
        old = count // 3
        index = -below(draw, 12) if number < old else (number - old) * months // (count - old)
        year = add_months(first, index).year % 100
        made.append(
            Recording(
                artist=roster.artists[number % len(roster.artists)],
                title=titles[number],
                isrc=f"{roster.isrc_stem}{year:02}{number + 1:05}",
                upc=with_check_digit(_upc_stem(number, roster)),
                release_index=index,
                popularity=1_500 + below(draw, 6_500),
                split=50 if number == 2 and roster is HOUSE else 100,
            )
        )
    return tuple(made)


def with_check_digit(digits: str) -> str:
    """Complete the first eleven digits of a UPC."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def _upc_stem(number: int, roster: Roster) -> str:
    """The first eleven digits; one UPC has the zero that gets lost.

    Numbers that differ by as much as there are artists share an artist: 5 and 10 share a release.
    """
    release = 5 if number == 10 else number
    if release == 1:
        return f"0{roster.upc_stem}{release:08}"
    return f"{roster.upc_stem}{release:09}"
