"""TikTok's own exports, written from plain values: fixtures are generated, never copied."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

Figure = int | str
"""A figure, or one of the words that stand for none: `undefined`, `NAN`, `--`, nothing."""

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "el": "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου "
    "Οκτωβρίου Νοεμβρίου Δεκεμβρίου",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października "
    "listopada grudnia",
    "hr": "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga "
    "prosinca",
}
_FORMS = {
    "en": "{month} {day}",
    "en-GB": "{day} {month}",
    "es": "{day} de {month}",
    "pt": "{day} de {month}",
    "de": "{day}. {month}",
    "vi": "{day} tháng {number}",
    "ja": "{number}月{day}日",
    "business": "{year}/{number:02d}/{day:02d}",
}
LANGUAGES = (*_MONTHS, "en-GB", "vi", "ja")
"""The languages in which days can be written."""

HEADERS: Mapping[str, tuple[str, ...]] = {
    "overview": ("Date", "Video Views", "Profile Views", "Likes", "Comments", "Shares"),
    "viewers": ("Date", "Total Viewers", "New Viewers", "Returning Viewers"),
    "follower_history": ("Date", "Followers", "Difference in followers from previous day"),
    "follower_activity": ("Date", "Hour", "Active followers"),
    "follower_gender": ("Gender", "Distribution"),
    "follower_top_territories": ("Top territories", "Distribution"),
    "content": (
        "Time",
        "Video title",
        "Video link",
        "Post time",
        "Total likes",
        "Total comments",
        "Total shares",
        "Total views",
    ),
    # Business accounts: another order, a space behind one header, and years in the days.
    "business_overview": (
        "Date",
        "Video views",
        "Reached audience",
        "Profile views",
        "Likes",
        "Shares",
        "Comments",
        "Phone number clicks ",
        "Leads submission",
        "Net growth",
        "New followers",
        "Lost followers",
    ),
    "business_audience": (
        "Date",
        "New followers",
        "Total followers",
        "Reached audience",
        "Engaged audience",
    ),
    "business_content": (
        "Video title",
        "Video link",
        "Post time",
        "Video views",
        "Likes",
        "Comments",
        "Shares",
        "Add to Favorites",
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Writing:
    """How a file is written; as it is here, TikTok writes it.

    `headers` replaces the headers, as other languages do. `is_ended` ends the last record.
    """

    language: str = "en"
    headers: tuple[str, ...] | None = None
    encoding: Literal["utf-8-sig", "utf-8", "utf-16"] = "utf-8-sig"
    newline: Literal["\n", "\r\n"] = "\n"
    is_quoted: bool = True
    is_ended: bool = False


AS_TIKTOK = Writing()


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One post: `printed` is the day that the list prints for it, its own day left out."""

    created_at: datetime
    title: str = ""
    kind: Literal["video", "photo"] = "video"
    likes: Figure = 0
    comments: Figure = 0
    shares: Figure = 0
    views: Figure = 0
    printed: date | None = None
    lower_half: int = 0x2A
    handle: str = "some.body"

    @property
    def post_id(self) -> str:
        """TikTok's id: seconds in the upper half of 64 bits."""
        return str((int(self.created_at.timestamp()) << 32) + self.lower_half)

    @property
    def link(self) -> str:
        """The link by which the list names it."""
        return f"https://www.tiktok.com/@{self.handle}/{self.kind}/{self.post_id}"

    @property
    def printed_day(self) -> date:
        """The day in the list."""
        return self.printed or self.created_at.astimezone(UTC).date()


def printed_day(day: date, language: str = "en") -> str:
    """A day as TikTok prints it in a language; `business` is the form of business accounts."""
    names = _MONTHS.get(language, _MONTHS["en"]).split()
    form = _FORMS.get(language, "{day} {month}")
    number = "1er" if language == "fr" and day.day == 1 else day.day
    return form.format(day=number, month=names[day.month - 1], number=day.month, year=day.year)


def written(kind: str, rows: Sequence[Sequence[Figure]], writing: Writing = AS_TIKTOK) -> bytes:
    """A file of one kind (see `HEADERS`) with these cells."""
    text = io.StringIO()
    writer = csv.writer(
        text,
        quoting=csv.QUOTE_ALL if writing.is_quoted else csv.QUOTE_MINIMAL,
        lineterminator=writing.newline,
    )
    writer.writerow(writing.headers or HEADERS[kind])
    writer.writerows(rows)
    content = text.getvalue()
    if not writing.is_ended:
        content = content.removesuffix(writing.newline)
    return content.encode(writing.encoding)


def daily(kind: str, days: Mapping[date, Sequence[Figure]], writing: Writing = AS_TIKTOK) -> bytes:
    """An overview, viewers or history: the figures of each day, in the order of the headers."""
    language = "business" if kind.startswith("business") else writing.language
    rows = [[printed_day(day, language), *figures] for day, figures in days.items()]
    return written(kind, rows, writing)


def activity(days: Mapping[date, Sequence[Figure]], writing: Writing = AS_TIKTOK) -> bytes:
    """Active followers of the 24 hours of each day."""
    rows = [
        [printed_day(day, writing.language), hour, figure]
        for day, hours in days.items()
        for hour, figure in enumerate(hours)
    ]
    return written("follower_activity", rows, writing)


def parts(kind: str, told: Mapping[str, str], writing: Writing = AS_TIKTOK) -> bytes:
    """Genders or territories with their parts of one, as text."""
    return written(kind, list(told.items()), writing)


def content(posts: Sequence[Post], counted: date, writing: Writing = AS_TIKTOK) -> bytes:
    """The list of posts as it was on a day."""
    rows = [
        [
            printed_day(counted, writing.language),
            post.title,
            post.link,
            printed_day(post.printed_day, writing.language),
            post.likes,
            post.comments,
            post.shares,
            post.views,
        ]
        for post in posts
    ]
    return written("content", rows, writing)


def business_content(
    posts: Sequence[Post], favorites: Figure, writing: Writing = AS_TIKTOK
) -> bytes:
    """The list of a business account's posts, which does not say when it was counted."""
    rows = [
        [
            post.title,
            post.link,
            printed_day(post.printed_day, "business"),
            post.views,
            post.likes,
            post.comments,
            post.shares,
            favorites,
        ]
        for post in posts
    ]
    return written("business_content", rows, writing)


def archive_name(
    first: date, last: date, account: str, *, tab: str = "Overview", at: time = time(11, 38, 15)
) -> str:
    """The name of a zip: the seconds are the last day with the time of the download."""
    seconds = int(datetime.combine(last, at, UTC).timestamp())
    return f"{tab}_{first}_{seconds}_{account}.zip"


def archive(members: Mapping[str, bytes], packed_at: datetime) -> bytes:
    """A zip as TikTok packs it: the members' time, in UTC, is that of the download."""
    moment = packed_at.astimezone(UTC)
    told = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, text in members.items():
            file.writestr(zipfile.ZipInfo(name, told), text)
    return packed.getvalue()
