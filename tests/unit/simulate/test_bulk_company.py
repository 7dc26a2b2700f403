"""Companies at scale: their days follow from their royalty lines, and their files tell them."""

import json
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bedrot.simulate.bulk import FIRST_MONTH, sold_by_month
from bedrot.simulate.bulk_company import BulkTold, make_company, write_company
from bedrot.simulate.streams import STORES, by_month, daily_streams
from bedrot.simulate.truth import daily_tables

LINES, MONTHS = 4_000, 14


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bulk")


@pytest.fixture(scope="module")
def told(folder: Path) -> BulkTold:
    return write_company(folder, 2, lines=LINES, months=MONTHS)


def test_sold_units_are_those_of_the_files(told: BulkTold, folder: Path) -> None:
    units: Counter[str] = Counter()
    for path in (folder / told.company.name / "royalties").iterdir():
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            cells = line.split("\t")
            is_repeated = cells[0][:7] != path_month(path)
            if cells[2] == "Spotify" and Decimal(cells[12]) >= 0 and not is_repeated:
                units[cells[1]] += int(cells[7])
    assert units == told.company.plays.sold["Spotify"]


def path_month(path: Path) -> str:
    """The month before the stamp in a file's name, which is the file's own."""
    year, month = int(path.stem[-15:-11]), int(path.stem[-11:-9])
    return f"{year - (month == 1)}-{(month - 2) % 12 + 1:02}"


@pytest.mark.parametrize("store", STORES)
def test_days_of_a_month_are_its_units_give_or_take_an_estimate(told: BulkTold, store: str) -> None:
    plays = told.company.plays
    shown = by_month(daily_streams(plays, store, until=told.company.last))  # type: ignore[arg-type]
    for month, units in plays.sold[store].items():  # type: ignore[index]
        assert abs(shown[month] - units) <= units * 0.013 + 1


def test_ads_bring_a_part_of_the_units(told: BulkTold) -> None:
    more = by_month(told.company.plays.more["Spotify"])
    sold = told.company.plays.sold["Spotify"]
    assert 0 < sum(more.values()) < sum(sold.values()) // 20
    effects = [e for e in told.company.effects if e.campaign.name.endswith("house")]
    caused = sum(sum(effect.streams["Spotify"].values()) for effect in effects)
    assert sum(more.values()) == caused


def test_every_day_is_told_by_every_platform(told: BulkTold) -> None:
    company = told.company
    days = [FIRST_MONTH + timedelta(days=n) for n in range((company.last - FIRST_MONTH).days + 1)]
    assert [*told.links.page.days] == days
    for overview in told.social.overview:
        assert [*overview.days] == days[:-1]
    for store in told.daily.stores:
        assert {*days[:-2]} <= {*store.days}
    delivered = {day for told in company.deliveries.values() for day in told}
    assert delivered == {day for one in told.ads.campaigns for day in one.days}


def test_what_meta_told_early_is_told_again_when_it_is_whole(told: BulkTold) -> None:
    for campaign in told.ads.campaigns:
        assert campaign.restated > 0
        for day, row in campaign.days.items():
            if day < told.company.last - timedelta(days=28):
                assert row[0] == told.company.deliveries[campaign.series][day].spend


def test_companies_have_ledgers_of_their_own(told: BulkTold) -> None:
    other = make_company(3, lines=LINES, months=MONTHS)
    assert other.seed != told.company.seed
    assert other.plays.sold != told.company.plays.sold
    assert other.links != told.company.links


def test_the_same_company_is_made_again(told: BulkTold, folder: Path, tmp_path: Path) -> None:
    again = write_company(tmp_path, 2, lines=LINES, months=MONTHS)
    assert again == told
    for path in sorted((folder / told.company.name).rglob("*.*")):
        other = tmp_path / path.relative_to(folder)
        assert other.read_bytes() == path.read_bytes()


def test_the_tables_of_the_truth_are_those_of_any_company(told: BulkTold) -> None:
    tables = daily_tables(told.company, until=told.company.last)
    caused = tables["effect_daily"].total("streams")
    assert tables["streams_daily"].total("caused_streams") == caused > 0
    assert tables["link_daily"].total("views") == sum(
        day.views for day in told.company.links.values()
    )


def test_pages_of_days_hold_one_row_of_each_campaign_and_day(told: BulkTold, folder: Path) -> None:
    for path in (folder / told.company.name).rglob("campaigns_by_day_*.json"):
        rows = json.loads(path.read_text(encoding="utf-8"))["data"]
        keys = [(row["campaign_id"], row["date_start"]) for row in rows]
        assert len(set(keys)) == len(keys) > 0


def test_units_by_month_follow_from_the_seed() -> None:
    whole = sold_by_month("Spotify", lines=LINES, months=MONTHS, seed=7)
    assert whole == sold_by_month("Spotify", lines=LINES, months=MONTHS, seed=7)
    assert whole != sold_by_month("Spotify", lines=LINES, months=MONTHS, seed=8)
    assert [*whole] == sorted(whole)
