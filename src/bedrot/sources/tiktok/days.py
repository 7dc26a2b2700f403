"""Days as TikTok prints them, mostly without a year, and the days of the calendar that they are."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from bedrot.errors import RejectedPayloadError
from bedrot.sources.tiktok.captures import EVENING, WINDOW
from bedrot.sources.tiktok.export_errors import (
    DOUBLED_DAY,
    DOWNLOAD_AGAIN,
    MISSING_WINDOW,
    STATE_WINDOW,
    UNREADABLE_DATE,
    rejected,
    window_disagrees,
)

ONE_DAY = timedelta(days=1)
_YEAR_DAYS = 366

_WITH_YEAR = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})")
_YEAR = re.compile(r"(?:^(\d{4})(?:年|년)? ?)|(?:,? (?:de |del )?(\d{4})$)")
_ORDINAL = "(?:er|o|a|e|st|nd|rd|th|日|일)?"
_BETWEEN = "(?:de |del |di |d'|of |ngay )?"
_DAY_FIRST = re.compile(rf"(?:ngay )?(\d{{1,2}}){_ORDINAL} {_BETWEEN}(.+)")
_MONTH_FIRST = re.compile(rf"(.+?) ?(\d{{1,2}}){_ORDINAL}")
_MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class PrintedDay:
    """A day as printed; the year is known only where it is printed too."""

    month: int
    day: int
    year: int | None = None

    def __str__(self) -> str:
        told = f"{self.month:02d}-{self.day:02d}"
        return told if self.year is None else f"{self.year}-{told}"

    def fits(self, day: date) -> bool:
        """Whether a day of the calendar is printed like this."""
        same_day = (day.month, day.day) == (self.month, self.day)
        return same_day and self.year in {None, day.year}


def read_days(texts: Sequence[str]) -> list[PrintedDay]:
    """The days of one file, which are all in one language.

    Words that are names of different months in different languages (`listopad`) are settled by
    the file's other days.

    Raises:
        RejectedPayloadError: A text is no day, or could be several.
    """
    possible = _possible_days(texts)
    if len(possible) > 1:
        pairs = zip(texts, possible[0], possible[1], strict=True)
        text = next(text for text, one, other in pairs if one != other)
        raise _unreadable(texts, text, "could be several days")
    return possible[0]


def read_dates(texts: Sequence[str], window: tuple[date, date] | None) -> list[date]:
    """The calendar's days of rows that have one day each; see `dates_of`.

    Words of several months are settled by the window too.

    Raises:
        RejectedPayloadError: A text is no day, or they do not walk through the window.
    """
    if window is None:
        return dates_of(read_days(texts), None)
    possible = _possible_days(texts)
    for printed in possible[:-1]:
        with suppress(RejectedPayloadError):
            return dates_of(printed, window)
    return dates_of(possible[-1], window)


def _possible_days(texts: Sequence[str]) -> list[list[PrintedDay]]:
    """What the texts mean in the languages in which all of them are days; at least one way."""
    readings = {text: _readings(text) for text in dict.fromkeys(texts)}
    for text, found in readings.items():
        if not found:
            raise _unreadable(texts, text, "is not a day in any language that we know")
    languages = set(_languages())
    for text, found in readings.items():
        if not languages & set(found):
            raise _unreadable(texts, text, "is not in the language of the other days")
        languages &= set(found)
    ways = {tuple(found[language] for found in readings.values()) for language in languages}
    places = {text: place for place, text in enumerate(readings)}
    return [[way[places[text]] for text in texts] for way in sorted(ways, key=str)]


def _unreadable(texts: Sequence[str], text: str, why: str) -> RejectedPayloadError:
    return rejected(
        f"the day `{text[:40]}` {why}",
        UNREADABLE_DATE,
        seen=f"record {texts.index(text) + 1}: `{text[:40]}`",
        next_step=f"{DOWNLOAD_AGAIN}; if TikTok prints it so, set its language to English first",
    )


def _readings(text: str) -> Mapping[str, PrintedDay]:
    """What a text means as a day, by language."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    numbers = _WITH_YEAR.fullmatch(plain)
    if numbers:
        year, month, day = (int(number) for number in numbers.groups())
        found = _valid(month, day, year)
        return dict.fromkeys(_languages(), found) if found else {}
    plain = _plain(text)
    year_found = _YEAR.search(plain)
    year_told = None
    if year_found:
        year_told = int(year_found[1] or year_found[2])
        plain = (plain[: year_found.start()] + plain[year_found.end() :]).strip()
    readings = {}
    for name, day_text in _parts(plain):
        for language, month in _months().get(name, {}).items():
            found = _valid(month, int(day_text), year_told)
            if found:
                readings[language] = found
    return readings


def _parts(plain: str) -> Iterator[tuple[str, str]]:
    """The possible names of a month with the number of the day."""
    day_first = _DAY_FIRST.fullmatch(plain)
    if day_first:
        yield day_first[2], day_first[1]
    month_first = _MONTH_FIRST.fullmatch(plain)
    if month_first:
        yield month_first[1], month_first[2]


def _valid(month: int, day: int, year: int | None) -> PrintedDay | None:
    if not (1 <= month <= len(_MONTH_LENGTHS) and 1 <= day <= _MONTH_LENGTHS[month - 1]):
        return None
    if year is not None:
        try:
            date(year, month, day)
        except ValueError:
            return None
    return PrintedDay(month, day, year)


def _plain(text: str) -> str:
    """Without case, accents, dots and commas, in which languages and their writers differ."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in apart if not "\u0300" <= char <= "\u036f")
    bare = re.sub(r"[.,\-\u2010-\u2015]", " ", unicodedata.normalize("NFKC", bare))
    return " ".join(bare.split())


@cache
def _months() -> Mapping[str, Mapping[str, int]]:
    """The month that a name means, by language."""
    text = resources.files(__package__).joinpath("aliases", "tiktok_months.csv").read_text("utf-8")
    named: dict[str, dict[str, int]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        named.setdefault(_plain(row["name"]), {})[row["language"]] = int(row["month"])
    return named


@cache
def _languages() -> frozenset[str]:
    return frozenset(language for months in _months().values() for language in months)


def window_of_rows(given: Mapping[str, str], count: int) -> tuple[date, date] | None:
    """The window of so many days that the capture says; see `read_window`.

    An archive of an evening in the west is named as of the next day, so its days may be one fewer.

    Raises:
        RejectedPayloadError: It is no window of days of at most a year.
    """
    window = read_window(given)
    if window is not None and EVENING in given and count == (window[1] - window[0]).days:
        return window[0], window[1] - ONE_DAY
    return window


def read_window(given: Mapping[str, str]) -> tuple[date, date] | None:
    """The first and the last day of the window, as the capture says.

    Raises:
        RejectedPayloadError: It is no window of days of at most a year.
    """
    told = given.get(WINDOW)
    if told is None:
        return None
    first, _, last = told.partition("..")
    try:
        window = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        msg = f"`{told}` is no window"
        raise window_disagrees(msg, told) from None
    if not 0 <= (window[1] - window[0]).days < _YEAR_DAYS:
        msg = f"`{told}` is not a window of one to {_YEAR_DAYS} days"
        raise window_disagrees(msg, told)
    return window


def dates_of(printed: Sequence[PrintedDay], window: tuple[date, date] | None) -> list[date]:
    """The calendar's days of rows that have one day each.

    The rows walk through the window day by day, forward or backward. Any other order could be
    that of another window: the days of a year without 29 February fit into every window of 365.
    Only days that are printed with their year need no window; they may leave days out.

    Raises:
        RejectedPayloadError: There is no window, or the days do not walk through it.
    """
    if window is None:
        dates = with_years(printed)
        doubled = [day for day, count in Counter(dates).items() if count > 1]
        if doubled:
            msg = f"the day `{doubled[0]}` stands twice"
            raise rejected(msg, DOUBLED_DAY)
        return dates
    days = [window[0] + n * ONE_DAY for n in range((window[1] - window[0]).days + 1)]
    if len(printed) != len(days):
        msg = f"it has {len(printed)} days, the window {window[0]} to {window[1]} has {len(days)}"
        raise window_disagrees(msg, f"its days are `{printed[0]}` to `{printed[-1]}`")
    for walk in (days, days[::-1]):
        if all(one.fits(day) for one, day in zip(printed, walk, strict=True)):
            return walk
    pairs = enumerate(zip(printed, days, strict=True))
    place = next(number for number, (one, day) in pairs if not one.fits(day))
    told = f"record {place + 1} is `{printed[place]}` where the window has `{days[place]}`"
    raise window_disagrees(told, f"its days are `{printed[0]}` to `{printed[-1]}`")


def with_years(printed: Sequence[PrintedDay]) -> list[date]:
    """The days that are printed with their years.

    Raises:
        RejectedPayloadError: One has no year, and nothing says which it is.
    """
    dates = [date(one.year, one.month, one.day) for one in printed if one.year is not None]
    if len(dates) < len(printed):
        bare = next(one for one in printed if one.year is None)
        msg = "its days are printed without a year, and nothing says of which window they are"
        raise rejected(
            msg,
            MISSING_WINDOW,
            seen=f"the first day is `{bare}`, of any year",
            next_step=f"import the zip as TikTok named it, or state the window: {STATE_WINDOW}",
        )
    return dates


def first_on_or_after(printed: PrintedDay, day: date) -> date:
    """The first day of the calendar that is printed like this, on a day or after it."""
    if printed.year is not None:
        return date(printed.year, printed.month, printed.day)
    # 29 February may be eight years off, around a century's turn.
    for year in range(day.year, day.year + 9):
        try:
            found = date(year, printed.month, printed.day)
        except ValueError:
            continue
        if found >= day:
            return found
    msg = f"`{printed}` does not come after `{day}`"
    raise window_disagrees(msg, msg)
