"""What holds for every stream, tried on exports whose window is known."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from bedrot.extract.parsed import HintedParse, Parsed, parsed_stream
from bedrot.extract.streams import Stream
from bedrot.sources import tiktok
from bedrot.sources.tiktok import audience, daily
from bedrot.sources.tiktok.exports import Shape, recogniser
from bedrot.sources.tiktok.synthetic import (
    Writing,
    activity,
    parts,
)
from bedrot.sources.tiktok.synthetic import daily as write_daily
from bedrot.testing.source_suite import Example, source_suite

FIRST = date(2025, 12, 27)
DAYS = [FIRST + timedelta(days=n) for n in range(9)]
WINDOW = {"window": f"{DAYS[0]}..{DAYS[-1]}", "moment": "known"}
WRITINGS = {
    "as_downloaded.csv": Writing(),
    "greek.csv": Writing(language="el"),
    "unquoted.csv": Writing(is_quoted=False, is_ended=True, newline="\r\n"),
    "utf16.csv": Writing(language="vi", encoding="utf-16"),
}
# The list of posts has moments, which the suite's own reading cannot fetch: test_posts.py tries it.
HOURS = {DAYS[-1] + timedelta(days=n): list(range(24)) for n in (-1, 0)}


def known(shape: Shape, parse: HintedParse, *aliases: str) -> Stream:
    """The stream with its window known, for the suite has captures without names."""

    def read(path: Path, waived: frozenset[str]) -> Parsed:
        return parse(path, waived, WINDOW)

    return parsed_stream(
        tiktok.__name__,
        "tiktok",
        shape.name,
        recognise=recogniser(shape),
        parse=read,
        alias_tables=aliases,
    )


def _daily(kind: str, figures: int, *writings: str) -> list[Example]:
    told = {day: [n + 1] + [n] * (figures - 1) for n, day in enumerate(DAYS)}
    return [
        Example(name=f"{kind}_{name}", content=write_daily(kind, told, WRITINGS[name]), rows=9)
        for name in writings
    ]


TestOverview = source_suite(
    known(daily.OVERVIEW, daily.read_overview),
    [*_daily("overview", 5, *WRITINGS), *_daily("business_overview", 11, "unquoted.csv")],
)
TestViewers = source_suite(
    known(daily.VIEWERS, daily.read_viewers), _daily("viewers", 3, "greek.csv")
)
TestFollowerHistory = source_suite(
    known(daily.FOLLOWER_HISTORY, daily.read_follower_history),
    [
        *_daily("follower_history", 2, "as_downloaded.csv"),
        *_daily("business_audience", 4, "unquoted.csv"),
    ],
)
TestFollowerActivity = source_suite(
    known(audience.FOLLOWER_ACTIVITY, audience.read_follower_activity),
    [Example(name="activity.csv", content=activity(HOURS), rows=48)],
)
TestFollowerGender = source_suite(
    known(audience.FOLLOWER_GENDER, audience.read_follower_gender, "tiktok_genders"),
    [
        Example(
            name="gender.csv",
            content=parts("follower_gender", {"Female": "0.56", "Male": "0.44"}),
            rows=2,
        )
    ],
)
TestFollowerTopTerritories = source_suite(
    known(audience.FOLLOWER_TOP_TERRITORIES, audience.read_follower_territories),
    [
        Example(
            name="namibia_and_others.csv",
            content=parts("follower_top_territories", {"NA": "0.381", "Others": "0.619"}),
            rows=2,
        )
    ],
)
