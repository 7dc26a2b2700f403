"""What stands in a statistics page's tables and drop-downs, and the date that it prints."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from html.parser import HTMLParser

# What never ends goes to the end of the page, as in browsers; else it would be searched for anew
# behind every other beginning.
_UNREAD = re.compile(r"<(script|style|svg)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_SERVER_TIME = re.compile(
    r"serverTime\s*=\s*new Date\(\s*['\"]"
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{1,2}):([0-9]{2}):([0-9]{2}) GMT['\"]"
)
_SELECTS = ("trendingMasterSelect", "trendingFilterTracks", "trendingFilterAlbums")


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """The page's tables and drop-downs.

    `labelled` gives the text of a table cell by that of the cell before it, `by_id` the text of
    the elements whose id begins with `last`. `selects` gives the chosen option's id and value, by
    the drop-down's name; an empty pair where no option is marked.
    """

    labelled: Mapping[str, str]
    by_id: Mapping[str, str]
    selects: Mapping[str, tuple[str, str]]


def read_markup(text: str) -> Markup:
    """Read the tables and drop-downs; scripts, styles and drawings are passed over."""
    # They are six sevenths of a page, and none of what is looked for stands in them.
    reader = _Reader()
    reader.feed(_UNREAD.sub("", text))
    reader.close()
    texts = [" ".join("".join(cell.parts).split()) for cell in reader.cells]
    labelled: dict[str, str] = {}
    for label, value in itertools.pairwise(texts):
        labelled.setdefault(label.casefold(), value)
    by_id = {
        cell.element_id: words
        for cell, words in zip(reader.cells, texts, strict=True)
        if cell.element_id.startswith("last")
    }
    return Markup(labelled=labelled, by_id=by_id, selects=reader.selects)


def server_clock(text: str) -> tuple[date, time] | None:
    """The UTC date that the page prints, and its clock modulo twelve hours; None without one.

    The page prints a 12-hour clock and leaves out whether it is morning: only the date is right.
    """
    found = _SERVER_TIME.search(text)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(f"{found[1]}T00:{found[3]}:{found[4]}")
    except ValueError:
        return None
    return moment.date(), moment.time().replace(hour=int(found[2]) % 12)


@dataclass(slots=True, kw_only=True)
class _Cell:
    tag: str
    element_id: str
    parts: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.cells: list[_Cell] = []
        self.selects: dict[str, tuple[str, str]] = {}
        self._open: list[str] = []
        self._open_counts: Counter[str] = Counter()
        self._open_cells: list[tuple[int, _Cell]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "select":
            names = {given.get("id", ""), *given.get("class", "").split()}
            self._select = next((name for name in _SELECTS if name in names), "")
            if self._select:
                self.selects.setdefault(self._select, ("", ""))
        elif tag == "option" and self._select and "selected" in given:
            self.selects[self._select] = (given.get("id", ""), given.get("value", ""))
        elif tag in {"td", "div"}:
            element_id = given.get("id", "")
            is_cell = tag == "td" or element_id.startswith("last")
            self._open.append(tag)
            self._open_counts[tag] += 1
            if is_cell:
                cell = _Cell(tag=tag, element_id=element_id)
                self.cells.append(cell)
                self._open_cells.append((len(self._open), cell))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif self._open_counts[tag]:
            while True:
                closed = self._open.pop()
                self._open_counts[closed] -= 1
                if closed == tag:
                    break
            while self._open_cells and self._open_cells[-1][0] > len(self._open):
                self._open_cells.pop()

    def handle_data(self, data: str) -> None:
        if self._open_cells:
            self._open_cells[-1][1].parts.append(data)
