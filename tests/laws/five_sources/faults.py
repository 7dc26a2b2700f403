"""Files that an earlier system fell over, by the number of the fault, for every source.

A cell of `FAULTS` has the files that show the fault, or a sentence that says why none can.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bedrot.sources.distrokid import synthetic as distrokid
from bedrot.sources.linktree import synthetic as linktree
from bedrot.sources.linktree.synthetic_responses import analytics
from bedrot.sources.metaads import synthetic as metaads
from bedrot.sources.tiktok import synthetic as tiktok
from bedrot.sources.toolost import synthetic as toolost
from bedrot.testing.ledgers import export
from bedrot.testing.pages import APPLE, SPOTIFY, THEIRS, days, page
from five_sources.exports import FIRST_DAY, GOOD, MEMBERS_AT, ROYALTIES, Files, span

DISTROKID, TOOLOST, METAADS, TIKTOK, LINKTREE = SOURCES = (
    "distrokid",
    "toolost",
    "metaads",
    "tiktok",
    "linktree",
)
FOLDERS = {source: f"{source}/main" for source in SOURCES} | {TIKTOK: "tiktok/some.body"}


@dataclass(frozen=True, kw_only=True)
class Bad:
    """A file that is set aside: under which code, and with which words in the reason.

    `path` is as an import tells it: a member of an archive stands behind ` > `.
    """

    path: str
    content: bytes
    code: str
    says: str


Cell = Sequence[Bad] | str

BE_RIGHT_BACK = b"<!doctype html><html><title>Be right back</title><body>503</body></html>\n"
SIGN_IN_PAGES: Mapping[str, bytes] = {
    DISTROKID: distrokid.sign_in_page(),
    TOOLOST: toolost.portal_page(),
    METAADS: metaads.sign_in_page(),
    TIKTOK: b"<!DOCTYPE html><html><head><title>Log in | TikTok</title></head></html>",
    LINKTREE: linktree.sign_in_page(),
}
_ENDED = "page"
"""What all five reasons say of a sign-in page."""


def _bad(source: str, name: str, content: bytes, code: str, says: str) -> Bad:
    return Bad(path=f"{FOLDERS[source]}/{name}", content=content, code=code, says=says)


def _zipped(count: int, content: bytes, code: str, says: str, tab: str = "Overview") -> Bad:
    """A file in TikTok's archive of so many days."""
    name = tiktok.archive_name(FIRST_DAY, span(count)[-1], "some.body", tab=tab)
    return _bad(TIKTOK, f"{name} > {tab}.csv", content, code, says)


def _good(part: str) -> bytes:
    """The first good file whose path has a part."""
    return next(content for name, content in GOOD.items() if part in name)


def _response(sign: bytes) -> bytes:
    return next(body for name, body in GOOD.items() if "linktree" in name and sign in body)


def _half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _response_name(minute: int) -> str:
    """Hours after the visits: no response of theirs."""
    return linktree.response_name(datetime(2025, 5, 12, minute // 4, minute % 4 * 15))  # noqa: DTZ001


_LEDGER = export(ROYALTIES, "20250601").content
_BETWEEN_RECORDS = _LEDGER[: _LEDGER.index(b"\r", len(_LEDGER) // 2) + 1]
_OVERVIEW = tiktok.daily("overview", dict.fromkeys(span(13), (1, 2, 3, 4, 5)))
_EXPORT_CSV = _good("ads_manager")
_INSIGHTS = json.dumps(json.loads(_good("/insights_"))["data"], indent=2).encode()

F1: Mapping[str, Cell] = {
    source: [_bad(source, "saved_page.html", SIGN_IN_PAGES[source], "sign_in_page", _ENDED)]
    for source in SOURCES
} | {
    DISTROKID: [
        _bad(
            DISTROKID,
            "applemusic_stats_20250530_120000.html",
            SIGN_IN_PAGES[DISTROKID],
            "sign_in_page",
            "sign-in",
        )
    ]
}
F2: Mapping[str, Cell] = {
    DISTROKID: [
        _bad(DISTROKID, "bank_details_20250615_120000.tsv", _half(_LEDGER), "truncated", "cut"),
        # Ends between two records: only beside the others it is seen that lines are missing.
        _bad(
            DISTROKID,
            "bank_details_20250616_120000.tsv",
            _BETWEEN_RECORDS,
            "lacks_lines",
            "are missing",
        ),
        _bad(
            DISTROKID,
            "streams_stats_20250531_120000.html",
            _half(_good("streams_stats")),
            "half_loaded",
            "`</html>`",
        ),
        _bad(
            DISTROKID,
            "applemusic_stats_20250531_120000.html",
            _half(_good("applemusic_stats")),
            "half_loaded",
            "`</html>`",
        ),
    ],
    TOOLOST: [
        _bad(
            TOOLOST,
            "toolost_spotify_20250516_120000.json",
            _half(_good("toolost_spotify")),
            "half_loaded",
            "cut off",
        ),
        _bad(
            TOOLOST,
            "05-2025-1_20250603_080000.csv",
            _good("05-2025")[:-9],
            "truncated",
            "cut",
        ),
    ],
    METAADS: [
        _bad(METAADS, "ads_manager_20250510_120000.csv", _EXPORT_CSV[:-40], "truncated", "cut")
    ],
    TIKTOK: [
        _zipped(13, _OVERVIEW[:-9], "truncated", "cut off"),
        # An archive whose list of members is missing.
        _bad(
            TIKTOK,
            tiktok.archive_name(FIRST_DAY, span(20)[-1], "some.body"),
            _half(_good("Followers_")),
            "no_data",
            "a half download",
        ),
    ],
    LINKTREE: [
        _bad(
            LINKTREE, _response_name(1), _half(_response(b'"overview"')), "half_loaded", "cut off"
        ),
        _bad(LINKTREE, _response_name(2), _half(_response(b'"devices"')), "half_loaded", "cut off"),
    ],
}
F3: Mapping[str, Cell] = {
    source: [_bad(source, name, SIGN_IN_PAGES[source], "sign_in_page", _ENDED)]
    for source, name in {
        DISTROKID: "bank_details_20250618_120000.tsv",
        TOOLOST: "toolost_spotify_20250518_120000.json",
        METAADS: "insights_20250518_120000/page_1.json",
        LINKTREE: _response_name(3),
    }.items()
} | {TIKTOK: [_zipped(14, SIGN_IN_PAGES[TIKTOK], "sign_in_page", _ENDED)]}
F6: Mapping[str, Cell] = {
    DISTROKID: [
        _bad(
            DISTROKID,
            "streams_stats_20250601_120000.html",
            page(SPOTIFY, days("2025-05-01", 100, 101), "20250601").content.replace(
                b'"column-1": 101', b'"column-1": null'
            ),
            "unreadable_value",
            "cannot be read",
        ),
        _bad(
            DISTROKID,
            "bank_details_20250619_120000.tsv",
            _LEDGER.replace(b"1.25000000", b"", 1),
            "rule:net_usd_required",
            "never null",
        ),
    ],
    **dict.fromkeys((TOOLOST, METAADS, TIKTOK, LINKTREE), "it stays null: see NULLS"),
}
NULLS: Mapping[str, str] = {
    TOOLOST: "select shazams from stg_toolost__shazam_daily where shazam_date = '2025-05-01'",
    METAADS: "select campaign_reach from stg_metaads__campaign_insights_daily "
    "where insight_date = '2025-05-01'",
    TIKTOK: "select profile_view_count from stg_tiktok__overview where day_date = '2025-05-01'",
    LINKTREE: "select views from stg_linktree__profile_daily where visit_date = '2025-05-05'",
}
"""Figures that the good files have as null, `undefined` or not at all."""
_ARRAY = {
    DISTROKID: "streams_stats_20250602_120000.html",
    TOOLOST: "toolost_spotify_20250519_120000.json",
    METAADS: "insights_20250519_120000/page_1.json",
    TIKTOK: "Overview.csv",
    LINKTREE: _response_name(4),
}
_EMPTY: Mapping[str, Sequence[Bad]] = {
    DISTROKID: [
        _bad(DISTROKID, "bank_details_20250620_120000.tsv", export([], None).content, "empty", "")
    ],
    TOOLOST: [
        _bad(
            TOOLOST,
            "toolost_spotify_20250520_120000.json",
            toolost.spotify_response({}),
            "empty",
            "",
        ),
        _bad(
            TOOLOST,
            "toolost_apple_20250520_120000.json",
            toolost.apple_response({}, tracks=[], countries={}),
            "empty",
            "",
        ),
    ],
    METAADS: [
        _bad(
            METAADS,
            "insights_20250520_120000/page_1.json",
            metaads.graph_page([], "insights"),
            "empty",
            "",
        )
    ],
    TIKTOK: [_zipped(15, tiktok.written("overview", []), "empty", "")],
    LINKTREE: [
        _bad(
            LINKTREE,
            _response_name(5),
            analytics(overview={"totalViews": 0, "totalClicks": 0, "timeseries": []}),
            "empty",
            "",
        )
    ],
}
F7: Mapping[str, Cell] = {
    source: [_bad(source, _ARRAY[source], b"[]", "no_data", "an empty JSON"), *_EMPTY[source]]
    for source in SOURCES
}
F8: Mapping[str, Cell] = {
    source: [_bad(source, name, BE_RIGHT_BACK, "no_data", "an HTML page")]
    for source, name in {
        DISTROKID: "bank_details_20250621_120000.tsv",
        TOOLOST: "toolost_apple_20250521_120000.json",
        METAADS: "meta_ads_dump_20250521_120000/ads.json",
        LINKTREE: _response_name(6),
    }.items()
} | {TIKTOK: [_zipped(16, BE_RIGHT_BACK, "no_data", "an HTML page")]}
F9: Mapping[str, Cell] = {
    DISTROKID: "its JSON stands inside pages, and a page that was cut is F2",
    TOOLOST: [
        _bad(
            TOOLOST,
            "toolost_apple_20250522_120000.json",
            _good("toolost_apple")[:-3],
            "half_loaded",
            "cut off",
        )
    ],
    METAADS: [
        _bad(METAADS, "insights_20250522_120000/page_1.json", _half(_INSIGHTS), "truncated", "cut"),
        *(
            _bad(
                METAADS,
                f"meta_ads_dump_20250522_120000/{name}.json",
                _good(f"dump_20250506_120000/{name}.json")[:-40],
                "truncated",
                "cut",
            )
            for name in ("campaigns", "adsets", "ads")
        ),
    ],
    TIKTOK: "its exports are CSV",
    LINKTREE: [
        _bad(LINKTREE, _response_name(7), _response(b'"links"')[:-3], "half_loaded", "cut off")
    ],
}
F11: Mapping[str, Cell] = {
    **dict.fromkeys(SOURCES, "its files print the year of every day"),
    # Without the name of its archive nothing says the year; with it, GOOD has the year after.
    TIKTOK: [_bad(TIKTOK, "Overview (1).csv", _OVERVIEW, "missing_window", "without a year")],
}
_ALL_FILES = "tried with all files of all sources at once"
FAULTS: Mapping[str, Mapping[str, Cell]] = {
    "F1": F1,
    "F2": F2,
    "F3": F3,
    "F4": dict.fromkeys(SOURCES, _ALL_FILES),
    "F5": dict.fromkeys(SOURCES, _ALL_FILES),
    "F6": F6,
    "F7": F7,
    "F8": F8,
    "F9": F9,
    "F10": dict.fromkeys(SOURCES, "no source has a setting: those of the lake are tried"),
    "F11": F11,
    "F12": dict.fromkeys(SOURCES, "one package has all sources: it is asked for them elsewhere"),
}
ODD: Files = {
    f"{FOLDERS[DISTROKID]}/{one.name}": one.content
    for one in (
        # Pages of another holder, and of which every day is lower: only beside others it is seen.
        page(SPOTIFY, days("2025-05-01", *range(200, 226)), "20250526", holder=THEIRS),
        page(APPLE, days("2025-05-01", *range(20)), "20250525"),
    )
}


def bad_files(*numbers: str) -> list[Bad]:
    """The bad files of these faults, or of all."""
    return [
        bad
        for number in numbers or FAULTS
        for cell in FAULTS[number].values()
        if not isinstance(cell, str)
        for bad in cell
    ]


def handed(bad: Sequence[Bad]) -> Files:
    """Bad files as they lie in the inbox, members in their archives."""
    found = {}
    for one in bad:
        path, _, member = one.path.partition(" > ")
        found[path] = tiktok.archive({member: one.content}, MEMBERS_AT) if member else one.content
    return found


INBOX: Files = {**GOOD, **ODD, **handed(bad_files("F2", "F3"))}
"""What the laws are tried on: all that is good, and of what is bad a part."""
