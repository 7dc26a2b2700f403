"""Changes to delimited text: its columns, its cells, its records, and how it is written."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from mutating.model import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a table is written down. `quoting` is that of the csv module."""

    delimiter: str = ","
    quoting: int = csv.QUOTE_ALL
    newline: str = "\r\n"
    encoding: str = "utf-8"
    is_ended: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Header and records as text."""

    header: list[str]
    rows: list[list[str]]
    style: Style

    def place(self, column: str) -> int:
        """Where a column stands."""
        return self.header.index(column)


Edit = Callable[[Table, random.Random], Table]
Cell = Callable[[str], str]


def edited(style: Style, *edits: Edit) -> Change:
    """A change of the bytes by changes of the table."""

    def change(content: bytes, chance: random.Random) -> bytes:
        table = parsed(content, style)
        for edit in edits:
            table = edit(table, chance)
        return written(table)

    return change


def parsed(content: bytes, style: Style) -> Table:
    text = content.decode(style.encoding).removeprefix("\ufeff")
    if style.quoting == csv.QUOTE_NONE:
        records = [record.split(style.delimiter) for record in text.split(style.newline) if record]
    else:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=style.delimiter))
    return Table(header=records[0], rows=records[1:], style=style)


def written(table: Table) -> bytes:
    style = table.style
    records = [table.header, *table.rows]
    if style.quoting == csv.QUOTE_NONE:
        text = style.newline.join(style.delimiter.join(record) for record in records)
        text += style.newline
    else:
        target = io.StringIO()
        csv.writer(
            target, delimiter=style.delimiter, quoting=style.quoting, lineterminator=style.newline
        ).writerows(records)
        text = target.getvalue()
    return (text if style.is_ended else text.removesuffix(style.newline)).encode(style.encoding)


def renamed(**names: str) -> Edit:
    """Headers that end in `_` stand for those with spaces: see `renamed_to`."""
    return renamed_to(names)


def renamed_to(names: dict[str, str]) -> Edit:
    def edit(table: Table, _: random.Random) -> Table:
        missing = set(names) - set(table.header)
        assert not missing, f"no such header: {missing}"
        return replace(table, header=[names.get(header, header) for header in table.header])

    return edit


def headers(name_of: Callable[[str], str]) -> Edit:
    """Every header written in another way."""
    return lambda table, _: replace(table, header=[name_of(header) for header in table.header])


def without(*columns: str) -> Edit:
    def edit(table: Table, _: random.Random) -> Table:
        kept = [place for place, header in enumerate(table.header) if header not in columns]
        assert len(kept) + len(columns) == len(table.header)
        return replace(
            table,
            header=[table.header[place] for place in kept],
            rows=[[row[place] for place in kept] for row in table.rows],
        )

    return edit


def with_column(header: str, value: str | Callable[[Sequence[str]], str], at: int = 0) -> Edit:
    def edit(table: Table, _: random.Random) -> Table:
        def cell(row: Sequence[str]) -> str:
            return value if isinstance(value, str) else value(row)

        return replace(
            table,
            header=[*table.header[:at], header, *table.header[at:]],
            rows=[[*row[:at], cell(row), *row[at:]] for row in table.rows],
        )

    return edit


def doubled(column: str, header: str | None = None) -> Edit:
    """A column a second time, behind all others."""

    def edit(table: Table, _: random.Random) -> Table:
        place = table.place(column)
        return replace(
            table,
            header=[*table.header, header or column],
            rows=[[*row, row[place]] for row in table.rows],
        )

    return edit


def swapped_headers(one: str, other: str) -> Edit:
    """The headers change places and the figures stay."""
    return renamed_to({one: other, other: one})


def shuffled_columns(table: Table, chance: random.Random) -> Table:
    """The columns with their headers in another order."""
    order = chance.sample(range(len(table.header)), len(table.header))
    return replace(
        table,
        header=[table.header[place] for place in order],
        rows=[[row[place] for place in order] for row in table.rows],
    )


def shuffled_rows(table: Table, chance: random.Random) -> Table:
    return replace(table, rows=chance.sample(table.rows, len(table.rows)))


def cells(change: Cell, *columns: str) -> Edit:
    """Every cell of some columns written in another way."""

    def edit(table: Table, _: random.Random) -> Table:
        places = {table.place(column) for column in columns}
        return replace(
            table,
            rows=[
                [change(cell) if place in places else cell for place, cell in enumerate(row)]
                for row in table.rows
            ],
        )

    return edit


def one_cell(change: Cell, column: str) -> Edit:
    """One cell, somewhere, in which the change makes a difference."""

    def edit(table: Table, chance: random.Random) -> Table:
        place = table.place(column)
        fitting = [n for n, row in enumerate(table.rows) if change(row[place]) != row[place]]
        chosen = chance.choice(fitting)
        rows = [list(row) for row in table.rows]
        rows[chosen][place] = change(rows[chosen][place])
        return replace(table, rows=rows)

    return edit


def styled(**style: object) -> Edit:
    """The same table, written in another way."""
    return lambda table, _: replace(table, style=replace(table.style, **style))


def repeated(count: int | None = None) -> Edit:
    """Some records a second time, each behind itself; all of them where no count is said."""

    def edit(table: Table, chance: random.Random) -> Table:
        size = len(table.rows)
        chosen = set(range(size)) if count is None else set(chance.sample(range(size), count))
        rows = [r for n, row in enumerate(table.rows) for r in [row] * (2 if n in chosen else 1)]
        return replace(table, rows=rows)

    return edit


def appended(*rows: Sequence[str] | Callable[[Table], Sequence[str]]) -> Edit:
    """More records at the end."""

    def edit(table: Table, _: random.Random) -> Table:
        made = [list(row(table)) if callable(row) else list(row) for row in rows]
        return replace(table, rows=[*table.rows, *made])

    return edit


def copied_whole(table: Table, _: random.Random) -> Table:
    """The file twice, one behind the other, with its header."""
    return replace(table, rows=[*table.rows, list(table.header), *table.rows])


def without_records(share: float) -> Edit:
    """The last records are gone, and the file ends as if it were whole."""
    return lambda table, _: replace(table, rows=table.rows[: int(len(table.rows) * (1 - share))])


def below(*lines: Sequence[str]) -> Edit:
    """Lines of a spreadsheet before the header."""

    def edit(table: Table, _: random.Random) -> Table:
        first, *rest = [*[list(line) for line in lines], table.header]
        return replace(table, header=first, rows=[*rest, *table.rows])

    return edit


def decimal_comma(text: str) -> str:
    return text.replace(".", ",")


def times(factor: str) -> Cell:
    """A number multiplied, with as many decimals as it had."""

    def change(text: str) -> str:
        if not text:
            return text
        scale = len(text.partition(".")[2])
        return f"{Decimal(text) * Decimal(factor):.{scale}f}"

    return change


def rounded(places: int) -> Cell:
    return lambda text: f"{Decimal(text):.{places}f}" if text else text


def grouped(mark: str) -> Cell:
    """Thousands set apart, in numbers that have any."""

    def change(text: str) -> str:
        whole, dot, rest = text.partition(".")
        return f"{int(whole):,}".replace(",", mark) + dot + rest if whole else text

    return change


def dated(form: str) -> Cell:
    """A day in another form of strftime."""
    return lambda text: date.fromisoformat(text).strftime(form)


def plain_general(text: str) -> str:
    """A number as a spreadsheet shows it: no zeros at the end, an exponent where it is tiny or long."""
    if not text:
        return text
    number = Decimal(text)
    if number and abs(number) < Decimal("0.0001"):
        return f"{number:.5E}"
    if abs(number) >= 10**11:
        return f"{number:.5E}"
    shown = f"{number:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
