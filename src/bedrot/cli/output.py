"""What the command line prints: tables for people, JSON and CSV for scripts, progress for patience.

Results go to standard output, everything else to standard error. Amounts are exact and in plain
notation, times are ISO 8601 in UTC, and what is unknown is a dash for people and null for scripts.
"""

from __future__ import annotations

import dataclasses
import io
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Console, ConsoleDimensions

from bedrot.core.money import plain
from bedrot.observe.progress import SILENT

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID
    from rich.table import Table
    from rich.text import Text

    from bedrot.observe.progress import Progress

UNKNOWN = "–"  # noqa: RUF001 - a dash is what people expect where nothing is known
_UNBOUNDED = 100_000
_MICROSECOND = timedelta(microseconds=1)


class _UncutConsole(Console):
    """A console whose lines are as long as they need be where no terminal limits them."""

    @property
    def size(self) -> ConsoleDimensions:
        if is_terminal(self.file):
            return super().size
        return ConsoleDimensions(_UNBOUNDED, 25)

    @size.setter
    def size(self, new_size: tuple[int, int]) -> None:
        self._width, self._height = new_size


console = _UncutConsole(highlight=False, markup=False, emoji=False)
errors = _UncutConsole(stderr=True, highlight=False, markup=False, emoji=False)


_drawn: list[RichProgress] = []
"""The bar that is drawn now, if any."""


def is_terminal(file: Any) -> bool:  # noqa: ANN401 - whatever stands in for a stream
    try:
        return bool(file.isatty())
    except (AttributeError, ValueError):
        return False


def say(text: str = "", *, style: str | None = None) -> None:
    """Print a line for people on standard output; it is never wrapped inside a command or name."""
    if _drawn and is_terminal(sys.stdout):  # the bar on the same terminal makes room for it
        errors.print(_printable(text), style=style, soft_wrap=True)
    else:
        console.out(_printable(text), style=style, highlight=False)


def note(text: str, *, style: str | None = None) -> None:
    """Print a remark on standard error, beside the result."""
    errors.out(_printable(text), style=style, highlight=False)


def _printable(text: str) -> str:
    """Text that cannot steer a terminal, whatever a file is named or holds."""
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in text)


def cell(value: object) -> str:
    """A value as people read it in a table."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | set | frozenset | Mapping):
        return json.dumps(jsonable(value), ensure_ascii=False)
    if isinstance(value, float):
        return plain_float(value)
    return str(jsonable(value))


def plain_float(value: float) -> str:
    """A float without exponent; `NaN` and `Infinity` by name, for they are not unknown."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return plain(Decimal(repr(value)))


def jsonable(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """A value as JSON holds it without loss; what JSON has no word for, such as NaN, is null."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: jsonable(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return next((write(value) for kind, write in _WRITERS if isinstance(value, kind)), str(value))


def _moment(value: datetime) -> str:
    """ISO 8601; a moment is told in UTC with `Z`, a time without zone as it is."""
    if value.tzinfo is None:
        return value.isoformat()
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


# A datetime is a date, too: the first match counts.
_WRITERS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (float, lambda value: value if math.isfinite(value) else None),
    (Decimal, lambda value: plain(value) if value.is_finite() else None),
    (datetime, _moment),
    (date, date.isoformat),
    (time, time.isoformat),
    (timedelta, lambda value: f"PT{plain(Decimal(value // _MICROSECOND).scaleb(-6))}S"),
    (bytes, bytes.hex),
)


def json_text(value: object) -> str:
    """A value as one JSON document."""
    return json.dumps(jsonable(value), indent=2, ensure_ascii=False, allow_nan=False)


def quantity(amount: object, units: object, unit: str) -> str:
    """How much a payload holds, to be added to its lines: `, net 12.5 USD`, `, 300 streams`."""
    if amount is not None:
        return f", net {cell(amount)} {unit}".rstrip()
    return "" if units is None else f", {cell(units)} {unit}".rstrip()


def print_json(value: object) -> None:
    """Print one JSON document on standard output."""
    sys.stdout.write(json_text(value) + "\n")


def print_table(
    title: str | None, columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """Print a table; numbers stand to the right, and nothing is cut."""
    if title:
        say(title, style="bold")
    table = _table(columns, rows)
    if is_terminal(console.file) and _narrowest(table) <= console.width:
        console.print(table)
    else:
        console.out(table_text(columns, rows), end="", highlight=False)


def _narrowest(table: Table) -> int:
    """How narrow a table can be without breaking a name, a number or a hash."""
    from rich.measure import Measurement

    options = console.options.update(max_width=_UNBOUNDED)
    return Measurement.get(console, options, table).minimum


def table_text(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table as plain text, as wide as it needs to be."""
    file = io.StringIO()
    _UncutConsole(file=file, highlight=False, markup=False, emoji=False).print(
        _table(columns, rows)
    )
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for place, name in enumerate(columns):
        values = [row[place] for row in rows if row[place] is not None]
        is_number = bool(values) and all(_is_number(value) for value in values)
        table.add_column(
            _plain_text(name),
            justify="right" if is_number else "left",
            overflow="fold",
            no_wrap=not any(" " in cell(value) for value in values),
        )
    for row in rows:
        table.add_row(*(_plain_text(cell(value)) for value in row))
    return table


def _plain_text(text: str) -> Text:
    """Text that is shown as it is, on one line: no markup."""
    from rich.text import Text

    return Text(" ".join(_printable(text).splitlines()).replace("\t", " "))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


class _DrawnProgress:
    """Draws the steps of long work as one bar that names what is worked on."""

    def __init__(self, drawn: RichProgress) -> None:
        self._drawn = drawn
        self._task: TaskID | None = None

    def step(self, text: str, done: int, total: int) -> None:
        if self._task is None:
            self._task = self._drawn.add_task(text, total=total, completed=done)
        else:
            self._drawn.update(self._task, description=text, total=total, completed=done)


@contextmanager
def progress() -> Iterator[Progress]:
    """Progress of long work, drawn on standard error where that is a terminal, and gone after."""
    if not is_terminal(sys.stderr):
        yield SILENT
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
        redirect_stdout=False,  # results stay results, even beside a bar
        redirect_stderr=False,
    ) as drawn:
        _drawn.append(drawn)
        try:
            yield _DrawnProgress(drawn)
        finally:
            _drawn.remove(drawn)
