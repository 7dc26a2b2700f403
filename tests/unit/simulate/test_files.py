"""The files of each platform, read with plain means: put together they tell the truth again."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bedrot.simulate.demo import Inbox
from bedrot.simulate.inbox import InboxFile
from bedrot.simulate.world import World


def landed(inbox: Inbox, kind: str, pattern: str = "*") -> list[InboxFile]:
    """The files of one kind, oldest first."""
    found = [
        file
        for file in inbox.files
        if (file.kind, file.outcome) == (kind, "landed") and file.path.match(pattern)
    ]
    return sorted(found, key=lambda file: (str(file.as_of), str(file.path)))


def documents(inbox: Inbox, kind: str, pattern: str = "*") -> Iterator[Any]:
    for file in landed(inbox, kind, pattern):
        yield json.loads(file.path.read_text(encoding="utf-8"))


def spends(inbox: Inbox) -> Iterator[tuple[str, str, str, Decimal]]:
    """Moment of the file, campaign, day and spend of every row of days, oldest file first."""
    for file in landed(inbox, "daily_insights"):
        for row in json.loads(file.path.read_text(encoding="utf-8"))["data"]:
            yield str(file.as_of), row["campaign_id"], row["date_start"], Decimal(row["spend"])
    for file in landed(inbox, "ads_export"):
        for row in csv.DictReader(io.StringIO(file.path.read_text(encoding="utf-8-sig"))):
            if row["Campaign ID"]:
                spend = Decimal(row["Amount spent (USD)"])
                yield str(file.as_of), row["Campaign ID"], row["Day"], spend


def test_the_newest_row_of_each_campaign_and_day_has_the_true_spend(inbox: Inbox) -> None:
    newest: dict[tuple[str, str], Decimal] = {}
    for _, campaign, day, spend in sorted(spends(inbox)):
        newest[campaign, day] = spend
    assert newest == {
        (one.series, day.isoformat()): row[0]
        for one in inbox.ads.campaigns
        for day, row in one.days.items()
    }


def test_days_that_are_over_have_the_whole_spend(inbox: Inbox, world: World) -> None:
    for one in inbox.ads.campaigns:
        read_whole = {day: row for day, row in one.days.items() if day < date(2026, 5, 29)}
        assert read_whole
        for day, row in read_whole.items():
            delivery = world.deliveries[one.series][day]
            assert row[:3] == (delivery.spend, delivery.impressions, delivery.clicks)


def test_some_days_of_ads_are_told_by_the_export_alone(inbox: Inbox) -> None:
    unknown = {
        day for one in inbox.ads.campaigns for day, row in one.days.items() if row[3] is None
    }
    told = {day for one in inbox.ads.link_clicks for day in one.days}
    assert unknown == {date(2026, 6, 29) + timedelta(days=n) for n in range(5)}
    assert not unknown & told


def test_lives_of_ad_sets_grow_from_dump_to_dump(inbox: Inbox) -> None:
    first, second = documents(inbox, "lifetime_insights")
    grown = {
        row["adset_id"]: Decimal(row["spend"]) - Decimal(old["spend"])
        for old in first
        for row in second
        if row["adset_id"] == old["adset_id"]
    }
    assert len(grown) == 4
    assert min(grown.values()) > 0
    total = sum((Decimal(row["spend"]) for row in (*first, *second)), Decimal(0))
    assert total == sum(life.spend for life in inbox.ads.lives.values())


def test_overviews_tell_the_views_of_their_windows(inbox: Inbox) -> None:
    seen: dict[tuple[str, date], int] = {}
    for file in landed(inbox, "overview"):
        _, first, _, account = file.path.stem.split("_", 3)
        with zipfile.ZipFile(file.path) as archive:
            text = archive.read("Overview.csv").decode("utf-8-sig")
        for place, row in enumerate(csv.DictReader(io.StringIO(text))):
            seen[account, date.fromisoformat(first) + timedelta(days=place)] = int(
                row["Video Views"]
            )
    assert seen == {
        (one.series, day): figures[0]
        for one in inbox.social.overview
        for day, figures in one.days.items()
    }


def test_the_last_day_of_an_overview_is_partial(inbox: Inbox, world: World) -> None:
    for one in inbox.social.overview:
        views, profile_views, *_ = one.days[one.last_day]
        assert views < world.social[one.series][one.last_day].views
        assert profile_views is None
        # Where one export ends and the next begins a day later, nobody tells that day again.
        assert one.provisional[-1] == one.last_day
        for day in one.provisional:
            assert one.days[day][0] < world.social[one.series][day].views


@pytest.mark.parametrize(
    ("store", "pattern", "name"),
    [("Spotify", "*_spotify_*", "streams"), ("Apple Music", "*_apple_*", "totalStreams")],
)
def test_answers_of_the_portal_overlap_and_tell_the_true_streams(
    inbox: Inbox, store: str, pattern: str, name: str
) -> None:
    answers = [
        {row["date"]: int(row["streams"]) for row in document[name]}
        for document in documents(inbox, "response", pattern)
    ]
    assert len(answers) == 2
    assert answers[0].items() <= answers[1].items()
    (truth,) = [one for one in inbox.toolost.stores if one.series == store]
    assert min(answers[0]) == "2026-01-01"
    assert answers[1] == {day.isoformat(): streams for day, streams in truth.days.items()}
    assert truth.restated == 0


def test_sales_reports_pay_what_is_true(inbox: Inbox) -> None:
    paid = [
        Decimal(row["payable_usd"])
        for file in landed(inbox, "sales_report")
        for row in csv.DictReader(io.StringIO(file.path.read_text(encoding="utf-8")))
    ]
    assert (len(paid), sum(paid)) == (inbox.sales.rows, inbox.sales.payable)


def test_visits_of_the_link_page_tell_its_days(inbox: Inbox) -> None:
    seen: dict[str, tuple[int, int]] = {}
    for document in documents(inbox, "response", "graphql_*"):
        overview = document["data"].get("getAccountAnalytics", {}).get("overview")
        for row in overview["timeseries"] if overview else ():
            seen[row["date"]] = row["totalViews"], row["totalClicks"]
    page = inbox.links.page
    assert seen == {day.isoformat(): figures[:2] for day, figures in page.days.items()}
    assert (page.provisional, page.restated) == ((page.last_day,), 1)


def test_nothing_personal_is_expected_to_land(inbox: Inbox) -> None:
    for file in inbox.files:
        if file.outcome == "landed" and file.path.suffix == ".json":
            assert b'"email"' not in file.path.read_bytes()


def names(files: list[InboxFile]) -> set[str]:
    return {Path(file.path).name for file in files}


def test_dumps_lie_in_folders_that_carry_their_time(inbox: Inbox) -> None:
    for file in (*landed(inbox, "objects"), *landed(inbox, "lifetime_insights")):
        assert file.path.parent.name == f"meta_ads_dump_{file.as_of:%Y%m%d_%H%M%S}"
    assert names(landed(inbox, "objects")) == {"campaigns.json", "adsets.json", "ads.json"}
