"""What TikTok Studio gives to download of an account: zips of its days, and of its followers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bedrot.simulate.days import chosen_days
from bedrot.simulate.flows import FlowTruth, Told, put_together
from bedrot.simulate.inbox import Made
from bedrot.simulate.social import SocialDay
from bedrot.sources.tiktok import synthetic as tiktok

PROVISIONAL_DAYS = 1

_PARTIAL = 640
_LAG = timedelta(days=1)

Days = Mapping[date, SocialDay]
Overview = tuple[int, int | None, int, int, int]
"""Views, profile views (null where the file says `undefined`), likes, comments and shares."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Download:
    """One download of an account's days: when, and how many of them."""

    at: datetime
    days: int

    @property
    def window(self) -> tuple[date, date]:
        """The days asked for; the newest is that before the download."""
        last = self.at.date() - _LAG
        return last - timedelta(days=self.days - 1), last


@dataclass(frozen=True, kw_only=True, slots=True)
class SocialTruth:
    """What must be published, by account."""

    overview: tuple[FlowTruth[Overview], ...]
    followers: tuple[FlowTruth[int], ...]


def social_files(
    accounts: Mapping[str, Days], downloads: Sequence[Download], folder: str = "social"
) -> tuple[list[Made], SocialTruth]:
    """The files of all accounts, and what a lake that holds all of them must publish."""
    files: list[Made] = []
    overview: list[FlowTruth[Overview]] = []
    followers: list[FlowTruth[int]] = []
    for name, days in accounts.items():
        told: list[Told[Overview]] = []
        levels: list[Told[int]] = []
        for download in downloads:
            seen = _overview(days, download)
            history = {day: days[day].followers for day in chosen_days(days, *download.window)}
            told.append(Told(series=name, as_of=download.at, days=seen))
            levels.append(Told(series=name, as_of=download.at, days=history))
            files += _zips(name, download, seen, history, folder)
        overview += put_together(told, provisional_days=PROVISIONAL_DAYS)
        followers += put_together(levels, provisional_days=PROVISIONAL_DAYS)
    return files, SocialTruth(overview=tuple(overview), followers=tuple(followers))


def overview_csv(days: Mapping[date, Overview]) -> bytes:
    """The overview by itself, as somebody has unpacked it: nothing in it says the year."""
    return tiktok.daily(
        "overview",
        {
            day: [views, "undefined" if profile is None else profile, *rest]
            for day, (views, profile, *rest) in days.items()
        },
    )


def _overview(days: Days, download: Download) -> dict[date, Overview]:
    """The days as the page shows them: of the last one not all is counted yet."""
    first, last = download.window
    seen: dict[date, Overview] = {
        day: _row(days[day]) for day in chosen_days(days, first, last - timedelta(days=1))
    }
    views, _, likes, comments, shares = _row(days[last])
    part = (figure * _PARTIAL // 1_000 for figure in (likes, comments, shares))
    counted, said, passed = part
    return seen | {last: (views * _PARTIAL // 1_000, None, counted, said, passed)}


def _row(day: SocialDay) -> Overview:
    return day.views, day.profile_views, day.likes, day.comments, day.shares


def _zips(
    name: str,
    download: Download,
    seen: Mapping[date, Overview],
    history: Mapping[date, int],
    folder: str,
) -> Iterator[Made]:
    differences = dict(zip(history, _differences([*history.values()]), strict=True))
    tabs = (
        ("Overview", "Overview.csv", overview_csv(seen)),
        (
            "Followers",
            "FollowerHistory.csv",
            tiktok.daily(
                "follower_history", {day: [history[day], differences[day]] for day in history}
            ),
        ),
    )
    for tab, member, content in tabs:
        yield Made(
            name=f"{folder}/"
            + tiktok.archive_name(*download.window, name, tab=tab, at=download.at.time()),
            content=tiktok.archive({member: content}, download.at),
            kind="overview" if tab == "Overview" else "followers",
            as_of=download.at,
            lines=len(seen),
        )


def _differences(levels: Sequence[int]) -> list[int]:
    return [level - before for level, before in zip(levels, [levels[0], *levels], strict=False)]
