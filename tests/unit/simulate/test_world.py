"""The world as a whole: made again it is the same, and its halves fit together."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from bedrot.simulate.ads import added, by_adset
from bedrot.simulate.days import days_between, first_friday, shared_out
from bedrot.simulate.sales import FEE, USD_PER_EUR, payable, sales_truth
from bedrot.simulate.streams import STORES, by_month, daily_streams
from bedrot.simulate.truth import PARAMETERS, parameters, truth_tables, write_truth
from bedrot.simulate.world import LAST_DAY, LINKS_SINCE, World, advertised, make_world


def test_the_same_seed_gives_the_same_world(world: World) -> None:
    assert make_world(5, recordings=8, volume=0.4) == world


def test_another_seed_gives_another_one(world: World) -> None:
    other = make_world(6, recordings=8, volume=0.4)
    for part in ("house", "guest", "deliveries", "effects", "social", "links"):
        assert getattr(other, part) != getattr(world, part)


def test_the_truth_is_written_as_it_stands(world: World, tmp_path: Path) -> None:
    write_truth(tmp_path / "one", world)
    write_truth(tmp_path / "other", make_world(5, recordings=8, volume=0.4))
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted([PARAMETERS, *(f"{name}.csv" for name in truth_tables(world))])
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    table = truth_tables(world)["ad_daily"]
    written = (tmp_path / "one" / "ad_daily.csv").read_text(encoding="utf-8").splitlines()
    assert written[0].split(",") == [*table.columns]
    assert len(written) == len(table.rows) + 1


def test_tables_of_the_truth_add_up_to_the_world(world: World) -> None:
    tables = truth_tables(world)
    net = world.house.truth.net + sum(payable(line) for line in world.sales)
    assert tables["royalty_lines"].total("net_usd") == net
    spent = sum(day.spend for days in world.deliveries.values() for day in days.values())
    assert tables["ad_daily"].total("spend_usd") == spent
    clicks = tables["link_clicks_daily"].total("clicks")
    assert clicks == tables["link_daily"].total("clicks")
    caused = tables["streams_daily"].total("caused_streams")
    assert caused == tables["effect_daily"].total("streams")


def test_the_truth_ends_where_it_is_asked_to(world: World) -> None:
    until = date(2026, 5, 20)
    for name, table in truth_tables(world, until=until).items():
        place = table.columns.index("reporting_date" if name == "royalty_lines" else "day")
        assert max(row[place] for row in table.rows) <= until  # type: ignore[type-var]


def test_the_parameters_are_told(world: World) -> None:
    told = parameters(world)
    assert told["causes"]["carry_over"] == world.causes.carry_over
    (first, _) = told["caused"]
    assert first["streams"]["Spotify"] == sum(world.effects[0].streams["Spotify"].values())


@pytest.mark.parametrize("store", STORES)
def test_months_of_the_guest_have_the_units_of_its_sales(world: World, store: str) -> None:
    shown = by_month(daily_streams(world.guest_plays, store, until=LAST_DAY))  # type: ignore[arg-type]
    for month, units in world.guest_plays.sold[store].items():  # type: ignore[index]
        assert abs(shown[month] - units) <= units * 0.015


def test_a_flight_begins_with_the_release(world: World) -> None:
    campaign = advertised(world)
    single = next(one for one in world.guest.recordings if one.isrc == campaign.isrc)
    assert campaign.first == single.released_on(world.guest.first_month)
    assert campaign.artist == single.artist == world.guest.artists[0]


def test_campaigns_pause_between_flights(world: World) -> None:
    campaign = advertised(world)
    days = world.deliveries[campaign.id]
    assert {*days} == {
        day for day in days_between(campaign.first, campaign.last) if campaign.runs_on(day)
    }
    assert not campaign.runs_on(campaign.flights[0].last + timedelta(days=1))


def test_ad_sets_add_up_to_their_campaign(world: World) -> None:
    campaign = advertised(world)
    days = world.deliveries[campaign.id]
    parts = by_adset(campaign, days)
    whole = added(day for told in parts.values() for day in told.values())
    expected = added(days.values())
    assert (whole.spend, whole.impressions) == (expected.spend, expected.impressions)
    assert (whole.clicks, whole.link_clicks) == (expected.clicks, expected.link_clicks)


def test_spend_is_in_whole_cents_near_the_budget(world: World) -> None:
    campaign = advertised(world)
    for day, delivery in world.deliveries[campaign.id].items():
        flight = next(one for one in campaign.flights if one.first <= day <= one.last)
        assert delivery.spend == round(delivery.spend, 2)
        assert abs(delivery.spend * 100 / flight.daily_budget - 1) <= Decimal("0.1")
        assert 0 < delivery.link_clicks < delivery.clicks < delivery.reach < delivery.impressions


def test_the_clicks_of_a_page_are_those_of_its_links_and_socials(world: World) -> None:
    for day in world.links.values():
        assert day.clicks == sum(day.links.values()) + sum(day.socials.values())
        assert day.daily_unique_views <= day.views
    assert [*world.links] == [*days_between(LINKS_SINCE, LAST_DAY)]


def test_followers_are_a_level_that_moves_a_little(world: World) -> None:
    for account in world.social_accounts:
        levels = [day.followers for day in world.social[account.name].values()]
        assert all(abs(new - old) < 400 for old, new in pairwise(levels))
        assert any(day.comments < 0 for day in world.social[account.name].values())


def test_releases_lift_the_views_of_videos(world: World) -> None:
    account = world.social_accounts[0]
    days = world.social[account.name]
    out = advertised(world).first
    assert days[out].views > 1.5 * days[out - timedelta(days=1)].views


def test_sales_are_paid_without_the_fee_and_exactly(world: World) -> None:
    truth = sales_truth(world.sales)
    assert truth.payable == sum(truth.by_sale_month.values()) > 0
    euros = [line for line in world.sales if line.currency == "EUR"]
    for line in euros:
        assert payable(line) == line.gross * USD_PER_EUR * (1 - FEE)
        assert payable(line).as_tuple().exponent >= -12  # type: ignore[operator]
    assert {line.currency for line in world.sales} <= {"USD", "EUR"}


def test_transactions_have_ids_of_their_own(world: World) -> None:
    assert len({line.transaction_id for line in world.sales}) == len(world.sales)


@pytest.mark.parametrize(("total", "weights"), [(10, (3, 3, 3)), (0, (0, 0)), (7, (0, 1))])
def test_parts_add_up_to_the_whole(total: int, weights: tuple[int, ...]) -> None:
    assert sum(shared_out(total, weights)) == total


def test_music_comes_out_on_fridays() -> None:
    assert first_friday(date(2026, 5, 31)) == date(2026, 5, 1)
    assert first_friday(date(2026, 8, 1)) == date(2026, 8, 7)
