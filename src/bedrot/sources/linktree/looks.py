"""One visit, read: its responses, its windows, and whether its totals are those of its days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.extract.visits import Visit, is_undated, read_visit, refuse_undated
from bedrot.sources.linktree.answers import (
    CHOOSE_DAYS,
    Answer,
    Overview,
    Row,
    read_answer,
)
from bedrot.sources.linktree.response_errors import (
    NOT_DAILY,
    OR_ACCEPT,
    SAVE_AGAIN,
    TOTALS_DISAGREE,
    rejected,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bedrot.catalog.records import CaptureRecord

_MOMENT = "moment"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Window:
    """A span of days; both ends are in it."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One overview with its window, and when it was seen."""

    window: Window
    at: datetime | None
    told: Overview

    def total(self, figure: str) -> int:
        """Its total of a figure; the sum of its days where it states none."""
        stated = self.told.totals.values[figure]
        return sum(day.count(figure) for day in self.told.days) if stated is None else int(stated)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The responses of a visit and their overviews, oldest first.

    An overview without days has no window, and is none of those that were `seen`.
    """

    answers: tuple[Answer, ...]
    seen: tuple[Seen, ...]
    disagreements: tuple[str, ...] = ()

    @property
    def overviews(self) -> Mapping[Window, Seen]:
        """The overview of each window: the last one that the visit tells of it."""
        by_window = {one.window: one for one in self.seen}
        return {window: by_window[window] for window in sorted(by_window)}

    @property
    def head(self) -> str:
        """The visit in one line."""
        moments = [f"{answer.at:%Y-%m-%d %H:%M:%S}" for answer in self.answers if answer.at]
        told = f" at {moments[0]}" if moments else ""
        return f"Linktree analytics seen{told}: {len(self.answers)} responses"


def moment_is_known(capture: CaptureRecord) -> Mapping[str, str]:
    """That somebody stated when the visit was made; it says so itself where its files' names do."""
    is_stated = is_undated(capture.name) and capture.as_of_stated is not None
    return {_MOMENT: "known"} if is_stated else {}


def read_look(path: Path, waived: frozenset[str], hints: Mapping[str, str]) -> Look:
    """Read a visit, and hold its totals against its days.

    Raises:
        RejectedPayloadError: A response is not whole or not by day, its totals disagree and
            nobody accepted that, or nobody can tell when it was seen.
    """
    visit = read_visit(path, undated=True)
    answers = _answers(visit)
    if _MOMENT not in hints:
        refuse_undated(visit)
    seen = tuple(
        Seen(window=window_of(answer.overview.days, "overview"), at=answer.at, told=answer.overview)
        for answer in answers
        if answer.overview is not None and answer.overview.days
    )
    wrong = tuple(wrong for one in seen for wrong in _disagreements(one))
    if wrong and TOTALS_DISAGREE not in waived:
        msg = f"an overview's own figures disagree: {wrong[0]}"
        raise rejected(
            msg, TOTALS_DISAGREE, seen="; ".join(wrong), next_step=SAVE_AGAIN + OR_ACCEPT
        )
    return Look(answers=answers, seen=seen, disagreements=wrong)


@lru_cache(maxsize=1)  # one stream after the other reads the same visit
def _answers(visit: Visit) -> tuple[Answer, ...]:
    return tuple(read_answer(response) for response in visit.responses)


def window_of(days: Iterable[Row], named: str) -> Window:
    """The window of a series that tells every day.

    Raises:
        RejectedPayloadError: Days are missing, as in a series by week or month.
    """
    told = sorted({date.fromisoformat(str(row.values["date"])) for row in days})
    if told[-1] - told[0] != timedelta(days=len(told) - 1):
        msg = f"the series of `{named}` from {told[0]} to {told[-1]} tells {len(told)} days of it"
        raise rejected(msg, NOT_DAILY, next_step=CHOOSE_DAYS)
    return Window(first=told[0], last=told[-1])


def _disagreements(seen: Seen) -> Iterator[str]:
    """Totals that are not the sums of the days; where a day is unknown, these are the least."""
    for name in ("views", "clicks"):
        stated = seen.told.totals.values[name]
        found = sum(day.count(name) for day in seen.told.days)
        is_open = any(day.values[name] is None for day in seen.told.days)
        if stated is None:
            continue
        if found > int(stated) if is_open else found != int(stated):
            yield f"{name} of {seen.window} are {stated}, and its days add up to {found}"
