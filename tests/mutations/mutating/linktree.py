"""Linktree's captured responses of one visit, as a zip; a change is one of one response."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

from bedrot.sources.linktree.synthetic import Day, Link, Page, sign_in_page, visit_responses
from bedrot.testing.ledgers import Export
from mutating import documents as d
from mutating import tables as t
from mutating import whole_files as w
from mutating.model import Change, Mutation, Mutations, Subject

FIRST_DAY = date(2025, 4, 1)
DAYS = [FIRST_DAY + timedelta(days=n) for n in range(50)]
LATER_DAYS = [FIRST_DAY + timedelta(days=n) for n in range(56)]
OVERVIEW, LINKS, PLACES = '"overview"', '"links"', '"countries"'
SERIES = "data.getAccountAnalytics.overview.timeseries"


def _page(days: list[date]) -> Page:
    return Page(
        days={
            day: Day(
                views=300 + n * 37 % 90,
                clicks=120 + n * 11 % 40,
                daily_unique_views=200 + n,
                daily_unique_clicks=80 + n % 7,
            )
            for n, day in enumerate(days)
        },
        links=[
            Link(id=501 + k, title=f"Hail {k}", clicks=dict.fromkeys(days, 40 + k))
            for k in range(2)
        ],
        socials={"INSTAGRAM": {day: 7 + n % 5 for n, day in enumerate(days)}},
    )


def _visit(days: list[date]) -> Export:
    seen = datetime.combine(days[-1], datetime.min.time()) + timedelta(hours=14)
    bodies = visit_responses(_page(days), seen, lengths=(len(days),), with_refused=False)
    return Export(name=f"visit_{len(days)}.zip", content=w.zipped(bodies))


FIRST = Subject(source="linktree", name="visit", export=_visit(DAYS))
LATER = FIRST.after(_visit(DAYS), _visit(LATER_DAYS))


def inside(sign: str, change: Change) -> Change:
    """A change to the response that has a word in it; the others stay."""

    def changed(packed: bytes, chance: random.Random) -> bytes:
        files = _members(packed)
        name = next(name for name, body in files.items() if sign.encode() in body)
        return w.zipped(files | {name: change(files[name], chance)})

    return changed


def _members(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as held:
        return {name: held.read(name) for name in held.namelist()}


def mutations() -> list[Mutation]:
    return [*_of_visit(), *_later()]


def _times(factor: int) -> Any:
    return lambda value: value * factor


def _of_visit() -> list[Mutation]:
    m = Mutations(FIRST)
    views, day = f"{SERIES}[].totalViews", f"{SERIES}[].date"

    def add(operator: str, name: str, *edits: d.Edit, sign: str = OVERVIEW, **told: Any) -> None:
        m.add(operator, name, inside(sign, d.edited(*edits)), **told)

    add("renamed", "`totalViews` is called `views` in every day", d.renamed(views, "views"))
    add(
        "renamed",
        "`timeseries` is called `series`",
        d.renamed(SERIES, "series"),
        names="incomplete_visit",
    )
    add(
        "dropped",
        "the total of views is gone",
        d.without("data.getAccountAnalytics.overview.totalViews"),
    )
    add("added", "another member in every day", d.added(f"{SERIES}[].saves", 7))
    add("swapped", "views and clicks of every day", d.swapped(views, f"{SERIES}[].totalClicks"))
    add("swapped", "days in another order", d.lists(d.shuffled, SERIES))
    add("retyped", "figures as texts", d.values(str, views))
    add("retyped", "figures with a fraction", d.values(lambda v: v + 0.5, views))
    add("rescaled", "the days are ten times as much", d.values(_times(10), views))
    add(
        "rescaled",
        "the days and the total are ten times as much",
        d.values(_times(10), views, "data.getAccountAnalytics.overview.totalViews"),
        names="17215 views",
    )
    add("date format", "days as `%d/%m/%Y`", d.values(t.dated("%d/%m/%Y"), day))
    add("decimal comma", "figures with commas", d.values(lambda v: f"{v:,}.0", views))
    add("duplicated", "a day twice", d.lists(d.repeated, SERIES))
    add("truncated", "the last fifth of the days is missing", d.lists(d.shortened, SERIES))
    add("structure", "inside another `data`", lambda doc, _: {"data": doc})
    m.add(
        "truncated", "one response is cut", inside(LINKS, w.cut_at(0.5)), names="incomplete_visit"
    )
    m.add("encoding", "one response in utf-16", inside(LINKS, w.encoded("utf-16")))
    m.add(
        "no data",
        "the page to sign in",
        w.instead(sign_in_page().replace(b"</form>", b"%d</form>")),
    )
    m.add("archive", "cut", w.cut_at(0.6))
    return m.found


def _later() -> list[Mutation]:
    m = Mutations(LATER)
    views = f"{SERIES}[].totalViews"
    total = "data.getAccountAnalytics.overview.totalViews"
    m.add(
        "rescaled",
        "the days and the total are ten times as much",
        inside(OVERVIEW, d.edited(d.values(_times(10), views, total))),
    )
    m.add(
        "truncated", "one response is cut", inside(LINKS, w.cut_at(0.5)), names="incomplete_visit"
    )
    return m.found
