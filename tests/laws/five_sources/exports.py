"""Whole exports of all five sources: two captures of everything, and figures that nobody knows.

The second capture of each changes a value of the first one and adds to it. Files stand under
`SOURCE/ACCOUNT/`, as people lay them into an inbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from bedrot.sources.distrokid.synthetic import CURRENT
from bedrot.sources.linktree import synthetic as linktree
from bedrot.sources.metaads import synthetic as metaads
from bedrot.sources.tiktok import synthetic as tiktok
from bedrot.sources.toolost import synthetic as toolost
from bedrot.testing.ledgers import export, line
from bedrot.testing.pages import APPLE, SPOTIFY, THEIRS, days, items, page

if TYPE_CHECKING:
    from bedrot.testing.ledgers import Export

Files = Mapping[str, bytes]
"""Bytes by their path below the inbox."""

FIRST_DAY = date(2025, 5, 1)
MEMBERS_AT = datetime(2025, 5, 27, 10, 29, 36, tzinfo=UTC)


def span(count: int, first: date = FIRST_DAY) -> list[date]:
    """So many days."""
    return [first + timedelta(days=n) for n in range(count)]


def placed(folder: str, exports: Iterable[Export]) -> Files:
    """Exports in a folder of the inbox."""
    return {f"{folder}/{one.name}": one.content for one in exports}


ROYALTIES = [
    # Letters that change their case, and their place, with the locale.
    line(
        f"{n}.25000000",
        on=f"2025-0{2 + n % 3}-20",
        song=n,
        country=country,
        title="I\u011fd\u0131r \u0130",
    )
    for n in range(1, 5)
    for country in ("US", "NA")
]


def _distrokid() -> Files:
    lines = ROYALTIES
    told = days("2025-05-01", *range(100, 120))
    more = told | days("2025-05-06", 7) | days("2025-05-21", 130, 131)
    lists = {"tracks": items(Hail=9, Sea=7)}
    whole = [
        export(lines, "20250601"),
        export(
            [
                line("99.00000000", on="2025-03-20"),
                *lines[1:],
                line("-0.50000000", song=9, store="TIDAL", artist="Ibrahim"),
            ],
            "20250701",
            layout=CURRENT,
        ),
        page(SPOTIFY, told, "20250522"),
        page(SPOTIFY, more, "20250524"),
        page(APPLE, told, "20250522", lists=lists),
        page(APPLE, more, "20250524", lists={"tracks": items(Hail=10)}),
    ]
    second = page(SPOTIFY, days("2025-05-03", *range(300, 310)), "20250518", holder=THEIRS)
    # An old page under a newer name is another sighting, and no news.
    copied = replace(page(SPOTIFY, told, "20250527"), content=whole[2].content)
    return {
        **placed("distrokid/main", [*whole, copied]),
        **placed("distrokid/second", [second]),
    }


def _toolost() -> Files:
    told = {day: 50 + n for n, day in enumerate(span(12))}
    more = told | {FIRST_DAY: 49, date(2025, 5, 13): 70}
    months = [
        toolost.Month(start=date(2025, 4, 1), streams=40, fees=fees)
        for fees in (Decimal("2.50000001"), Decimal("2.75"))
    ]
    sales = [
        toolost.SalesLine(
            transaction_id=f"T{n}",
            sale_date=date(2025, 3, 31),
            accounting_date=date(2025, 4, 20),
            reporting_date=date(2025, 5, 5),
            units=10 + n,
            gross=Decimal("0.0400"),
            more={"payable_usd": f"0.0{n}00"},
        )
        for n in (2, 3)
    ]
    corrected = replace(sales[0], more={"payable_usd": "0.0100"})
    return {
        f"toolost/main/{name}": content
        for name, content in {
            "toolost_spotify_20250513_120000.json": toolost.spotify_response(told, months[:1]),
            "toolost_spotify_20250515_120000.json": toolost.spotify_response(more, months[1:]),
            "toolost_apple_20250513_120000.json": toolost.apple_response(told),
            "toolost_apple_20250515_120000.json": toolost.apple_response(
                more, shazams={FIRST_DAY: None, date(2025, 5, 2): 3}
            ),
            "05-2025-1_20250601_080000.csv": toolost.write_sales(sales),
            "05-2025-1_20250602_080000.csv": toolost.write_sales([corrected, sales[1]]),
        }.items()
    }


CAMPAIGN, ADSET, AD = "120200000000010075", "120200000000020075", "120200000000030075"


def _metaads() -> Files:
    campaign = metaads.Campaign(id=CAMPAIGN, name="Hail", daily_budget=500)
    adset = metaads.AdSet(id=ADSET, name="Hail - 1", campaign_id=CAMPAIGN)
    ad = metaads.Ad(
        id=AD, name="Cut", campaign_id=CAMPAIGN, adset_id=ADSET, creative_id="250000000000001"
    )
    told = [
        metaads.Figures(
            campaign_id=CAMPAIGN,
            start=day,
            stop=day,
            spend=Decimal("4.37") + n,
            impressions=1000 + n,
            clicks=10,
            reach=900,
            currency="USD",
            actions=[metaads.Action(action_type="link_click", count=9, value=Decimal("1.25"))],
        )
        for n, day in enumerate(span(6))
    ]
    more = [*told[:2], replace(told[2], spend=Decimal("7.00")), *told[3:5]]
    unknown = {"reach": None, "frequency": None}
    life = replace(
        told[0],
        start=date(2025, 4, 13),
        stop=date(2025, 5, 6),
        adset_id=ADSET,
        ad_id=AD,
        spend=Decimal("41.22"),
    )
    lives = [life, replace(life, stop=date(2025, 5, 8), spend=Decimal("50.01"))]
    dumps = {}
    for at, status, lived in zip(
        ("20250506", "20250508"), ("ACTIVE", "PAUSED"), lives, strict=True
    ):
        objects = {
            "campaigns": metaads.campaign_object(replace(campaign, status=status)),
            "adsets": metaads.adset_object(adset),
            "ads": metaads.ad_object(replace(ad, effective_status=status)),
            "insights": metaads.insight_object(lived),
        }
        for name, told_of_it in objects.items():
            dumps[f"metaads/main/meta_ads_dump_{at}_120000/{name}.json"] = metaads.dump(
                [told_of_it]
            )
    pages = {"20250506": told[:4], "20250507": more}
    return {
        **dumps,
        **{
            f"metaads/main/insights_{at}_120000/page_1.json": metaads.graph_page(
                [metaads.insight_object(rows[0]) | unknown, *map(metaads.insight_object, rows[1:])],
                "insights",
                has_next=True,
            )
            for at, rows in pages.items()
        },
        "metaads/main/ads_manager_20250508_120000.csv": metaads.export_csv(told[1:], by_day=True),
    }


def _tiktok() -> Files:
    def overview(count: int, views: int) -> bytes:
        return tiktok.daily(
            "overview",
            {FIRST_DAY: (views, "undefined", 20, 3, 1)}
            | {day: (500 + n, 31, 20, 3, n) for n, day in enumerate(span(count)[1:])},
        )

    def followers(count: int, female: str, male: str) -> dict[str, bytes]:
        return {
            "FollowerHistory.csv": tiktok.daily(
                "follower_history", {day: (500 + n, 1) for n, day in enumerate(span(count))}
            ),
            "FollowerActivity.csv": tiktok.activity({day: range(24) for day in span(count)[-2:]}),
            "FollowerGender.csv": tiktok.parts("follower_gender", {"Female": female, "Male": male}),
            "FollowerTopTerritories.csv": tiktok.parts(
                "follower_top_territories", {"NA": "0.381", "Others": "0.619"}
            ),
        }

    post = tiktok.Post(created_at=datetime(2025, 5, 2, 12, tzinfo=UTC), title="Hail", views=3000)
    found = {}
    for days_told, views, female, male in ((10, 400, "0.56", "0.44"), (12, 401, "0.6", "0.4")):
        last = span(days_told)[-1]
        at = MEMBERS_AT.replace(day=last.day + 1)
        tabs = {
            "Overview": {"Overview.csv": overview(days_told, views)},
            "Followers": followers(days_told, female, male),
            "Content": {"Content.csv": tiktok.content([replace(post, views=views)], last)},
            "Viewers": {
                "Viewers.csv": tiktok.daily("viewers", dict.fromkeys(span(days_told), (3, 2, 1)))
            },
        }
        for tab, members in tabs.items():
            name = tiktok.archive_name(FIRST_DAY, last, "some.body", tab=tab)
            found[f"tiktok/some.body/{name}"] = tiktok.archive(members, at)
    # The same bytes, of another account and a year later.
    later = MEMBERS_AT.replace(year=2026)
    name = tiktok.archive_name(date(2026, 5, 1), date(2026, 5, 10), "any.one")
    found[f"tiktok/any.one/{name}"] = tiktok.archive({"Overview.csv": overview(10, 400)}, later)
    return found


def _linktree() -> Files:
    found: dict[str, bytes] = {}
    for count, views in ((8, 10), (10, 11)):
        told = span(count)
        shown = linktree.Page(
            days={FIRST_DAY: linktree.Day(views=views, clicks=5)}
            | {day: linktree.Day(views=30 + n, clicks=5) for n, day in enumerate(told[1:])},
            links=[linktree.Link(id=4711, title=f"Tin {count}", clicks=dict.fromkeys(told, 4))],
            socials={"instagram": dict.fromkeys(told, 1)},
        )
        seen = datetime.combine(told[-1], datetime.min.time()) + timedelta(hours=14)
        visit = linktree.visit_responses(shown, seen, lengths=(count,), with_refused=count == 10)
        found |= {f"linktree/main/{name}": body for name, body in visit.items()}
    (told_null,) = (n for n, body in found.items() if b'"overview"' in body and b"05-10" in body)
    null_day = b'"totalViews":33,"totalClicks":5'
    found[told_null] = found[told_null].replace(null_day, null_day.replace(b"33", b"null"))
    return found


GOOD: Files = {
    **_distrokid(),
    **_toolost(),
    **_metaads(),
    **_tiktok(),
    **_linktree(),
}
