"""What ads cause, and that the world without them lacks exactly that."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bedrot.simulate.effect import Causes, effect_of, plays_by_day, plays_by_month
from bedrot.simulate.streams import STORES, DailyStore, daily_streams, sold_units
from bedrot.simulate.truth import truth_tables
from bedrot.simulate.world import LAST_DAY, World, advertised, make_world

CERTAIN = Causes(visits=1000, clicks={"Spotify": 1000}, streams=2000, carry_over=(3, 1), noise=0)


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("account", ["house_plays", "guest_plays"])
def test_streams_with_ads_are_those_without_and_the_effect(
    world: World, unadvertised: World, store: DailyStore, account: str
) -> None:
    with_ads, without = (
        daily_streams(getattr(one, account), store, until=LAST_DAY) for one in (world, unadvertised)
    )
    effect = getattr(world, account).more[store]
    assert sum(effect.values()) > 0
    assert with_ads == {day: streams + effect.get(day, 0) for day, streams in without.items()}


@pytest.mark.parametrize("store", STORES)
def test_royalty_lines_hold_the_units_that_ads_brought(
    world: World, unadvertised: World, store: DailyStore
) -> None:
    brought = Counter({month: n for (_, month), n in plays_by_month(world.effects, store).items()})
    for label, base in ((world.house, unadvertised.house), (world.guest, unadvertised.guest)):
        isrcs = {one.isrc for one in label.recordings}
        plays = plays_by_month(world.effects, store)
        expected = Counter(sold_units(base, store)) + Counter(
            {
                month: sum(n for (isrc, m), n in plays.items() if m == month and isrc in isrcs)
                for month in label.sale_months
            }
        )
        assert Counter(sold_units(label, store)) == expected
    assert brought.total() > 0


def test_ads_earn_money_and_cost_more(world: World, unadvertised: World) -> None:
    earned = world.guest.truth.net - unadvertised.guest.truth.net
    spent = sum(day.spend for day in world.deliveries[advertised(world).id].values())
    assert 0 < earned < spent


def test_nothing_else_differs_without_ads(world: World, unadvertised: World) -> None:
    assert world.social == unadvertised.social
    assert world.house.recordings == unadvertised.house.recordings
    ours, theirs = truth_tables(world), truth_tables(unadvertised)
    assert {name for name in ours if ours[name] != theirs[name]} == {
        *("royalty_lines", "streams_daily", "ad_daily", "effect_daily"),
        *("link_daily", "link_clicks_daily"),
    }


def test_link_clicks_of_ads_come_on_top_of_the_usual_ones(
    world: World, unadvertised: World
) -> None:
    for day, told in world.links.items():
        base = unadvertised.links[day]
        visits = sum(effect.visits.get(day, 0) for effect in world.effects)
        clicks = sum(
            clicks.get(day, 0) for effect in world.effects for clicks in effect.clicks.values()
        )
        assert (told.views - base.views, told.clicks - base.clicks) == (visits, clicks)
        assert told.socials == base.socials


def test_each_step_is_a_share_of_the_one_before(world: World) -> None:
    for effect in world.effects:
        clicked = sum(d.link_clicks for d in world.deliveries[effect.campaign.id].values())
        visits, to_spotify = sum(effect.visits.values()), sum(effect.clicks["Spotify"].values())
        assert visits / clicked == pytest.approx(0.83, abs=0.03)
        assert to_spotify / visits == pytest.approx(0.62, abs=0.03)
        assert sum(effect.streams["Spotify"].values()) / to_spotify == pytest.approx(2.6, abs=0.05)


def test_without_noise_an_effect_can_be_worked_out_by_hand(world: World) -> None:
    campaign = advertised(world)
    delivery = next(iter(world.deliveries[campaign.id].values()))
    day = date(2026, 4, 3)
    effect = effect_of(1, campaign, {day: replace(delivery, link_clicks=10)}, CERTAIN)
    assert effect.visits == {day: 10}
    assert effect.streams["Spotify"] == {day: 15, day + timedelta(days=1): 5}
    assert sum(effect.streams["Apple Music"].values()) == 0


def test_streams_come_for_some_days_after_the_last_ad(world: World) -> None:
    first = world.effects[0]
    days = [day for day, streams in first.streams["Spotify"].items() if streams]
    assert max(days) == first.campaign.last + timedelta(days=3)
    assert min(days) == first.campaign.first


def test_effects_of_campaigns_are_added_by_day(world: World) -> None:
    both = plays_by_day(world.effects)["Spotify"]
    assert sum(both.values()) == sum(sum(e.streams["Spotify"].values()) for e in world.effects)


def test_another_cause_gives_another_effect_and_the_same_ads(world: World) -> None:
    other = make_world(5, recordings=8, volume=0.4, causes=replace(world.causes, streams=5_200))
    assert other.deliveries == world.deliveries
    ratio = sum(plays_by_day(other.effects)["Spotify"].values()) / sum(
        plays_by_day(world.effects)["Spotify"].values()
    )
    assert ratio == pytest.approx(2, abs=0.01)
