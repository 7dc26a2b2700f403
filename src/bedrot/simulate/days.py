"""Days and months of an invented world, and the shares by which whole numbers are spread over them."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

_DAY = timedelta(days=1)


def add_months(month: date, count: int) -> date:
    """Move the first of a month by whole months."""
    ordinal = month.year * 12 + month.month - 1 + count
    return month.replace(year=ordinal // 12, month=ordinal % 12 + 1)


def days_of(month: date) -> list[date]:
    """The days of a month, given by any of its days."""
    length = monthrange(month.year, month.month)[1]
    return [month.replace(day=number) for number in range(1, length + 1)]


def days_between(first: date, last: date) -> Iterator[date]:
    """The days of a window; both ends are included."""
    for number in range((last - first).days + 1):
        yield first + number * _DAY


def shared_out(total: int, weights: Sequence[int]) -> list[int]:
    """Share a total out by weights; the parts add up to it exactly.

    Raises:
        ZeroDivisionError: there is something to share out, and no weight above zero.
    """
    whole = sum(weights)
    if total == 0:
        return [0] * len(weights)
    parts = []
    reached = given = 0
    for weight in weights:
        reached += weight
        parts.append(total * reached // whole - given)
        given += parts[-1]
    return parts


def first_friday(month: date) -> date:
    """The day of a month on which music comes out."""
    first = month.replace(day=1)
    return first + timedelta(days=(4 - first.weekday()) % 7)


def chosen_days(days: Iterable[date], first: date, last: date) -> list[date]:
    """Those within a window; both ends are included."""
    return [day for day in days if first <= day <= last]
