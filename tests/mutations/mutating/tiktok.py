"""TikTok's archives: the overview by day, and those of posts and of followers."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bedrot.sources.tiktok.synthetic import (
    HEADERS,
    Post,
    Writing,
    activity,
    archive,
    archive_name,
    content,
    daily,
    parts,
    printed_day,
)
from bedrot.testing.ledgers import Export
from mutating import tables as t
from mutating import whole_files as w
from mutating.model import Change, Mutation, Mutations, Subject

FIRST = date(2025, 3, 1)
PACKED = datetime(2025, 5, 11, 11, 38, 15, tzinfo=UTC)


def _days(count: int) -> list[date]:
    return [FIRST + timedelta(days=n) for n in range(count)]


def _overview(count: int, writing: Writing | None = None) -> Export:
    days = _days(count)
    told = {
        day: (4000 + n * 61 % 900, 31 + n, 200 + n, 9 - n % 11, 7 + n % 3)
        for n, day in enumerate(days)
    }
    file = daily("overview", told, writing or Writing())
    packed = PACKED - timedelta(days=70 - count)
    return Export(
        name=archive_name(days[0], days[-1], "some.body"),
        content=archive({"Overview.csv": file}, packed),
    )


def _followers() -> Export:
    days = _days(70)
    files = {
        "FollowerHistory.csv": daily(
            "follower_history", {day: (5000 + n * 3, 3) for n, day in enumerate(days)}
        ),
        "FollowerActivity.csv": activity({day: list(range(100, 124)) for day in days[-7:]}),
        "FollowerGender.csv": parts(
            "follower_gender", {"Female": "0.56", "Male": "0.41", "Other": "0.03"}
        ),
        "FollowerTopTerritories.csv": parts(
            "follower_top_territories", {"NA": "0.381", "US": "0.3", "Others": "0.319"}
        ),
    }
    name = archive_name(days[0], days[-1], "some.body", tab="Followers")
    return Export(name=name, content=archive(files, PACKED))


def _posts() -> Export:
    posts = [
        Post(
            created_at=datetime(2025, 4, 2 + n, 12, tzinfo=UTC),
            title=f"Hail {n}",
            likes=50 + n,
            comments=n,
            shares=2 * n,
            views=3000 + n,
            lower_half=42 + n,
        )
        for n in range(6)
    ]
    name = archive_name(FIRST, _days(70)[-1], "some.body", tab="Content")
    return Export(
        name=name, content=archive({"Content.csv": content(posts, PACKED.date())}, PACKED)
    )


FIRST_OVERVIEW = Subject(source="tiktok", name="overview", export=_overview(70))
FIRST_FOLLOWERS = Subject(source="tiktok", name="followers", export=_followers())
FIRST_POSTS = Subject(source="tiktok", name="list of posts", export=_posts())
LATER_OVERVIEW = FIRST_OVERVIEW.after(_overview(60), _overview(71))

STYLE = t.Style(newline="\n", encoding="utf-8-sig", is_ended=False)


def inside(member: str, change: Change) -> Change:
    """A change to one member of an archive; the others and their times stay."""

    def changed(packed: bytes, chance: random.Random) -> bytes:
        files = _members(packed)
        files[member] = change(files[member], chance)
        return archive(files, PACKED)

    return changed


def _members(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as held:
        return {name: held.read(name) for name in held.namelist()}


def repacked(
    make: Callable[[dict[str, bytes]], dict[str, bytes]], moment: datetime = PACKED
) -> Change:
    """The same files, packed in another way."""
    return lambda packed, _: archive(make(_members(packed)), moment)


def mutations() -> list[Mutation]:
    return [*_of_overview(), *_of_followers(), *_of_posts(), *_later_overview()]


def _days_as(form: Callable[[date], str]) -> t.Edit:
    def edit(table: t.Table, _: random.Random) -> t.Table:
        days = _days(len(table.rows))
        rows = [[form(day), *row[1:]] for day, row in zip(days, table.rows, strict=True)]
        return t.replace(table, rows=rows)

    return edit


def _of_overview() -> list[Mutation]:
    m = Mutations(FIRST_OVERVIEW)
    file = "Overview.csv"
    window = archive_name(FIRST, _days(70)[-1], "some.body")

    def add(operator: str, name: str, *edits: t.Edit, **told: Any) -> None:
        m.add(operator, name, inside(file, t.edited(STYLE, *edits)), **told)

    def add_bytes(operator: str, name: str, change: Change, **told: Any) -> None:
        m.add(operator, name, inside(file, change), **told)

    for column in ("Date", "Video Views", "Comments"):
        add(
            "renamed",
            f"`{column}` is called something else",
            t.renamed_to({column: f"My {column}"}),
        )
    add("added", "an unknown column", t.with_column("Saves", "3", at=3))
    add("added", "`Likes` twice", t.doubled("Likes"))
    add("swapped", "the columns stand in another order", t.shuffled_columns)
    add(
        "swapped",
        "the headers `Video Views` and `Likes` are swapped",
        t.swapped_headers("Video Views", "Likes"),
        undetectable="swapped headers",
    )
    add(
        "swapped",
        "the headers `Comments` and `Profile Views` are swapped",
        t.swapped_headers("Comments", "Profile Views"),
    )
    add(
        "swapped", "the days run backward", lambda table, _: t.replace(table, rows=table.rows[::-1])
    )
    add("swapped", "the days stand in another order", t.shuffled_rows)
    add("retyped", "figures with a decimal", t.cells(lambda v: f"{v}.0", "Video Views"))
    add("retyped", "one figure as `4.1K`", t.one_cell(lambda _: "4.1K", "Video Views"))
    add(
        "retyped",
        "all views are `--`",
        t.cells(lambda _: "--", "Video Views"),
        becomes={"video_view_count": None, "video_view_count_state": "dashes"},
    )
    add(
        "rescaled",
        "figures in thousands",
        t.cells(lambda v: f"{v}000", "Video Views", "Likes"),
        undetectable="every figure alike",
    )
    add("delimiter", "semicolons", t.styled(delimiter=";"))
    add("encoding", "written in utf-16", t.styled(encoding="utf-16"))
    add_bytes("line ends", "lines end in turn in CR, LF and CRLF", w.ended_in_turn)
    for form in ("%m/%d/%Y", "%d/%m/%Y", "%d-%b"):
        add("date format", f"days as `{form}`", _days_as(lambda day, form=form: day.strftime(form)))
    add("date format", "days as `%Y-%m-%d`", _days_as(str))
    add("date format", "days as `%Y-%d-%m`", _days_as(lambda day: day.strftime("%Y-%d-%m")))
    add("language", "days in Greek", _days_as(lambda day: printed_day(day, "el")))
    add(
        "language",
        "days in Spanish, one of them in English",
        _days_as(lambda day: printed_day(day, "en" if day.day == 3 else "es")),
    )
    add(
        "language",
        "headers in German",
        t.renamed_to(
            {
                "Date": "Datum",
                "Video Views": "Videoaufrufe",
                "Profile Views": "Profilaufrufe",
                "Comments": "Kommentare",
                "Shares": "Geteilt",
            }
        ),
    )
    add(
        "decimal comma",
        "figures with commas between thousands",
        t.cells(t.grouped(","), "Video Views"),
    )
    add_bytes("truncated", "cut at 60%", w.cut_at(0.6))
    add("truncated", "the last ten days are missing", t.without_records(0.15))
    add("duplicated", "a day twice", t.repeated(1))
    add("duplicated", "the whole file twice", t.copied_whole)
    add(
        "spreadsheet",
        "saved again: days with a year",
        _days_as(lambda day: day.strftime("%d-%b-%y")),
        t.styled(quoting=csv.QUOTE_MINIMAL, is_ended=True),
    )
    m.add("spreadsheet", "as an Excel workbook", inside(file, w.workbook))
    m.add(
        "archive",
        "unpacked: the file alone",
        lambda packed, _: _members(packed)[file] + b"\n",
        file_name=file,
    )
    m.add("archive", "named by somebody", inside(file, w.behind(b"\r")), file_name="Overview.zip")
    m.add(
        "archive",
        "with ` (1)` behind its name",
        lambda packed, _: packed,
        file_name=window.replace(".zip", " (1).zip"),
    )
    m.add(
        "archive",
        "the window of another year",
        lambda packed, _: packed,
        file_name=archive_name(date(2024, 3, 1), date(2024, 5, 9), "some.body"),
        undetectable="another day",
    )
    m.add(
        "archive",
        "a window a day longer",
        lambda packed, _: packed,
        file_name=archive_name(FIRST, _days(71)[-1], "some.body"),
    )
    m.add(
        "archive",
        "in an archive of archives",
        lambda packed, _: w.zipped({window: inside(file, w.behind(b"\r\n"))(packed, _)}),
        file_name="exports.zip",
    )
    m.add(
        "archive",
        "with other files beside it",
        repacked(lambda files: {**files, "__MACOSX/._x": b"\0\5\26\7", "notes.txt": b"x"}),
    )
    m.add("archive", "cut", w.cut_at(0.7))
    return m.found


def _of_followers() -> list[Mutation]:
    m = Mutations(FIRST_FOLLOWERS)

    def add(operator: str, name: str, file: str, *edits: t.Edit, **told: Any) -> None:
        m.add(operator, name, inside(f"Follower{file}.csv", t.edited(STYLE, *edits)), **told)

    add(
        "renamed",
        "`Followers` is called something else",
        "History",
        t.renamed_to({"Followers": "Fans"}),
    )
    add(
        "swapped",
        "the headers of level and difference are swapped",
        "History",
        t.swapped_headers(*HEADERS["follower_history"][1:]),
        undetectable="swapped headers",
    )
    add("decimal comma", "parts with a comma", "Gender", t.cells(t.decimal_comma, "Distribution"))
    add("rescaled", "parts in percent", "Gender", t.cells(t.times("100"), "Distribution"))
    add(
        "retyped",
        "parts with a percent sign",
        "TopTerritories",
        t.cells(lambda v: f"{float(v):.1%}", "Distribution"),
    )
    add(
        "dropped",
        "a gender is missing",
        "Gender",
        lambda table, _: t.replace(table, rows=table.rows[:2]),
    )
    add("duplicated", "a territory twice", "TopTerritories", t.repeated(1))
    add(
        "dropped",
        "an hour is missing",
        "Activity",
        lambda table, _: t.replace(table, rows=table.rows[:50] + table.rows[51:]),
    )
    add(
        "swapped",
        "the headers of hour and followers are swapped",
        "Activity",
        t.swapped_headers("Hour", "Active followers"),
    )
    add("truncated", "the last days are missing", "History", t.without_records(0.1))
    return m.found


def _of_posts() -> list[Mutation]:
    m = Mutations(FIRST_POSTS)

    def add(operator: str, name: str, *edits: t.Edit, **told: Any) -> None:
        m.add(operator, name, inside("Content.csv", t.edited(STYLE, *edits)), **told)

    add(
        "swapped",
        "the headers `Total likes` and `Total shares` are swapped",
        t.swapped_headers("Total likes", "Total shares"),
        undetectable="swapped headers",
    )
    add(
        "decimal comma",
        "views with commas between thousands",
        t.cells(t.grouped(","), "Total views"),
    )
    add(
        "spreadsheet",
        "saved again: ids in links rounded",
        t.cells(lambda v: v[: v.rindex("/") + 1] + "7.48E+18", "Video link"),
    )
    add("duplicated", "a post twice", t.repeated(1))
    add(
        "truncated",
        "the last posts are missing",
        t.without_records(0.4),
        undetectable="whole records gone",
    )
    return m.found


def _later_overview() -> list[Mutation]:
    m = Mutations(LATER_OVERVIEW)

    def add(operator: str, name: str, *edits: t.Edit, **told: Any) -> None:
        m.add(operator, name, inside("Overview.csv", t.edited(STYLE, *edits)), **told)

    add(
        "swapped",
        "the headers `Video Views` and `Likes` are swapped",
        t.swapped_headers("Video Views", "Likes"),
    )
    add("rescaled", "figures in thousands", t.cells(lambda v: f"{v}000", "Video Views", "Likes"))
    add(
        "rescaled",
        "one figure is ten times as much",
        lambda table, _: t.replace(
            table,
            rows=[
                [row[0], f"{row[1]}0", *row[2:]] if n == 9 else row
                for n, row in enumerate(table.rows)
            ],
        ),
        names="restated",
    )
    add("language", "days in Greek", _days_as(lambda day: printed_day(day, "el")))
    add("retyped", "all views are `--`", t.cells(lambda _: "--", "Video Views"))
    m.add("truncated", "cut at 60%", inside("Overview.csv", w.cut_at(0.6)))
    return m.found
