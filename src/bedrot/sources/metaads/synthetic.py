"""Meta's own formats, written from plain values: fixtures are generated; everything is invented."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

Level = Literal["campaign", "adset", "ad"]
Newline = Literal["\n", "\r\n"]

PACIFIC_SUMMER = timezone(timedelta(hours=-7))
TOKEN = "EAAB" + "invented0Token9" * 4
"""What an access token looks like; it opens nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaign:
    """A campaign as the API lists it. Budgets are in cents; None leaves the field out."""

    id: str
    name: str
    status: str = "ACTIVE"
    objective: str = "OUTCOME_ENGAGEMENT"
    created: datetime = datetime(2025, 1, 20, 17, 0, tzinfo=UTC)
    updated: datetime = datetime(2025, 1, 20, 17, 0, tzinfo=UTC)
    stop: datetime | None = None
    daily_budget: int | None = None
    lifetime_budget: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AdSet:
    """An ad set as the API lists it. Budgets are in cents; None leaves all of them out."""

    id: str
    name: str
    campaign_id: str
    status: str = "ACTIVE"
    optimization_goal: str = "OFFSITE_CONVERSIONS"
    daily_budget: int | None = 500
    countries: Sequence[str] = ("DE", "NA", "US")
    created: datetime = datetime(2025, 1, 20, 17, 0, tzinfo=UTC)
    updated: datetime = datetime(2025, 1, 20, 17, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ad:
    """An ad as the API lists it; `creative` holds what is told of the creative beside its id."""

    id: str
    name: str
    campaign_id: str
    adset_id: str
    creative_id: str
    status: str = "ACTIVE"
    effective_status: str = "ACTIVE"
    creative: Mapping[str, str] = field(default_factory=dict)
    pixel_id: str = "700000000000001"
    post_id: str = "800000000000001"
    created: datetime = datetime(2025, 1, 20, 17, 0, tzinfo=UTC)
    updated: datetime = datetime(2025, 1, 20, 17, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """One entry of a row's actions: `windows` are counts under named attribution windows."""

    action_type: str
    count: int | None = None
    value: Decimal | None = None
    windows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """One row of insights. Which ids it carries says its level; one day is `start` = `stop`.

    `currency` and `account_id` are left out where None, as Meta's dumps leave them out. Names that
    are not given are made from the ids. `link_clicks` are those of the API; None leaves them out.
    """

    campaign_id: str
    start: date
    stop: date
    spend: Decimal
    impressions: int = 0
    clicks: int = 0
    reach: int = 0
    link_clicks: int | None = None
    adset_id: str | None = None
    ad_id: str | None = None
    currency: str | None = None
    account_id: str | None = None
    actions: Sequence[Action] = ()
    campaign_name: str | None = None
    adset_name: str | None = None
    ad_name: str | None = None

    @property
    def level(self) -> Level:
        """The deepest of its ids."""
        return "ad" if self.ad_id else "adset" if self.adset_id else "campaign"


def campaign_object(campaign: Campaign) -> dict[str, Any]:
    """A campaign in the API's fields."""
    return _present(
        {
            "id": campaign.id,
            "name": campaign.name,
            "status": campaign.status,
            "objective": campaign.objective,
            "daily_budget": _text(campaign.daily_budget),
            "lifetime_budget": _text(campaign.lifetime_budget),
            "start_time": _time(campaign.created),
            "stop_time": None if campaign.stop is None else _time(campaign.stop),
            "created_time": _time(campaign.created),
            "updated_time": _time(campaign.updated),
        }
    )


def adset_object(adset: AdSet) -> dict[str, Any]:
    """An ad set in the API's fields."""
    has_budget = adset.daily_budget is not None
    return _present(
        {
            "id": adset.id,
            "name": adset.name,
            "status": adset.status,
            "campaign_id": adset.campaign_id,
            "daily_budget": _text(adset.daily_budget),
            "lifetime_budget": "0" if has_budget else None,
            "bid_strategy": "LOWEST_COST_WITHOUT_CAP" if has_budget else None,
            "targeting": {
                "age_max": 44,
                "age_min": 18,
                "geo_locations": {"countries": list(adset.countries), "location_types": ["home"]},
                "publisher_platforms": ["instagram"],
            },
            "optimization_goal": adset.optimization_goal,
            "start_time": _time(adset.created),
            "pacing_type": ["standard"] if has_budget else None,
            "created_time": _time(adset.created),
            "updated_time": _time(adset.updated),
        }
    )


def ad_object(ad: Ad) -> dict[str, Any]:
    """An ad in the API's fields."""
    return {
        "id": ad.id,
        "name": ad.name,
        "status": ad.status,
        "adset_id": ad.adset_id,
        "campaign_id": ad.campaign_id,
        "effective_status": ad.effective_status,
        "creative": {"id": ad.creative_id, **ad.creative},
        "tracking_specs": [
            {"action.type": ["offsite_conversion"], "fb_pixel": [ad.pixel_id]},
            {"action.type": ["post_engagement"], "post": [ad.post_id]},
        ],
        "created_time": _time(ad.created),
        "updated_time": _time(ad.updated),
    }


def insight_object(figures: Figures) -> dict[str, Any]:
    """A row of insights in the API's fields: every number a text, ratios as Meta rounds them."""
    spend, clicks, reach = figures.spend, figures.clicks, figures.reach
    return _present(
        {
            "account_id": figures.account_id,
            "account_currency": figures.currency,
            "campaign_id": figures.campaign_id,
            "campaign_name": figures.campaign_name or _name("campaign", figures.campaign_id),
            "adset_id": figures.adset_id,
            "adset_name": figures.adset_name or _name("adset", figures.adset_id),
            "ad_id": figures.ad_id,
            "ad_name": figures.ad_name or _name("ad", figures.ad_id),
            "spend": _short(spend),
            "impressions": str(figures.impressions),
            "clicks": str(clicks),
            "inline_link_clicks": _text(figures.link_clicks),
            "reach": str(reach),
            "cpc": _ratio(spend, clicks),
            "cpm": _ratio(spend * 1000, figures.impressions),
            "ctr": _ratio(Decimal(clicks * 100), figures.impressions),
            "frequency": _ratio(Decimal(figures.impressions), reach),
            **_action_lists(figures),
            "date_start": str(figures.start),
            "date_stop": str(figures.stop),
        }
    )


def dump(objects: Sequence[Mapping[str, Any]]) -> bytes:
    """A dump: a JSON array, two spaces to a level."""
    return json.dumps(list(objects), indent=2, ensure_ascii=False).encode()


def graph_page(
    objects: Sequence[Mapping[str, Any]],
    edge: Literal["campaigns", "adsets", "ads", "insights"],
    *,
    has_next: bool = False,
) -> bytes:
    """A page of the Graph API as it comes; `paging.next` carries the access token."""
    address = (
        f"https://graph.facebook.com/v26.0/act_900000000000001/{edge}"
        f"?access_token={TOKEN}&limit=25&after=QVFIUmFmdGVy"
    )
    paging: dict[str, Any] = {"cursors": {"before": "QVFIUmJlZm9yZQ", "after": "QVFIUmFmdGVy"}}
    if has_next:
        paging["next"] = address
    paging["previous"] = address.replace("&after=", "&before=")
    # PHP's way of writing JSON, which Meta's servers have kept.
    return json.dumps({"data": list(objects), "paging": paging}).replace("/", "\\/").encode()


def export_csv(
    rows: Sequence[Figures],
    *,
    currency: str = "USD",
    by_day: bool = False,
    has_totals: bool = True,
    newline: Newline = "\n",
    encoding: Literal["utf-8", "utf-8-sig", "utf-16"] = "utf-8-sig",
) -> bytes:
    """An export of Ads Manager in English, of one level, with its line of totals."""
    level = rows[0].level if rows else "campaign"
    named = {"campaign": ("Campaign",), "adset": ("Campaign", "Ad set")}.get(
        level, ("Campaign", "Ad set", "Ad")
    )
    header = ["Reporting starts", "Reporting ends", *(["Day"] if by_day else [])]
    header += [f"{name} {part}" for name in named for part in ("name", "ID")]
    header += ["Results", "Result indicator", "Reach", "Impressions", f"Amount spent ({currency})"]
    header += ["Clicks (all)", "Ends", f"CPC (all) ({currency})"]
    starts = str(min((row.start for row in rows), default=""))
    ends = str(max((row.stop for row in rows), default=""))
    target = io.StringIO()
    writer = csv.writer(target, lineterminator=newline)
    writer.writerow(header)
    if has_totals:
        names = [""] * (2 * len(named) + len(["Day"] * by_day))
        total = sum((row.spend for row in rows), Decimal(0))
        shown = sum(row.impressions for row in rows)
        writer.writerow([starts, ends, *names, "", "", "", shown, total, "", "", ""])
    for row in rows:
        days = [row.start, row.stop, *([row.start] if by_day else [])]
        writer.writerow([*days, *_export_fields(row, len(named))])
    return target.getvalue().encode(encoding)


def graph_error(code: int = 190) -> bytes:
    """What the Graph API answers in place of data."""
    error = {
        "message": f"Error validating access token {TOKEN}: the session has expired",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "Ainvented0Trace",
    }
    return json.dumps({"error": error}).encode()


def sign_in_page() -> bytes:
    """Meta's sign-in page, saved in place of data."""
    return (
        b'<!DOCTYPE html>\n<html id="facebook"><head><title>Log in to Facebook</title>'
        b'<link rel="canonical" href="https://www.facebook.com/login/"></head>\n'
        b'<body><form id="login_form" action="/login/device-based/regular/login/" method="post">'
        b'<input name="email"><input name="pass" type="password"></form></body></html>\n'
    )


def _export_fields(row: Figures, levels: int) -> list[object]:
    told = (
        ("campaign", row.campaign_id, row.campaign_name),
        ("adset", row.adset_id, row.adset_name),
        ("ad", row.ad_id, row.ad_name),
    )
    named = [
        part
        for level, entity_id, name in told[:levels]
        for part in (name or _name(level, entity_id), entity_id)
    ]
    first = row.actions[0] if row.actions else None
    results = [first.count, f"actions:{first.action_type}"] if first else ["", ""]
    cents = Decimal("0.01")
    cpc = (row.spend / row.clicks).quantize(cents, ROUND_HALF_UP) if row.clicks else ""
    figures = [row.reach, row.impressions, row.spend, row.clicks]
    return [*named, *results, *figures, "Ongoing", cpc]


def _action_lists(figures: Figures) -> dict[str, list[dict[str, str]] | None]:
    counts, values, costs = [], [], []
    for action in figures.actions:
        named = {"action_type": action.action_type}
        windows = {window: str(count) for window, count in action.windows.items()}
        if action.count is not None:
            counts.append({**named, "value": str(action.count), **windows})
        if action.value is not None:
            values.append({**named, "value": _short(action.value)})
        if action.count:
            costs.append({**named, "value": str(_ratio(figures.spend, action.count))})
    return {
        "actions": counts or None,
        "action_values": values or None,
        "cost_per_action_type": costs or None,
    }


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without what Meta leaves out: it has no null."""
    return {key: value for key, value in fields.items() if value is not None}


def _name(level: str, entity_id: str | None) -> str | None:
    return None if entity_id is None else f"The Tin Almanac - {level} {entity_id[-3:]}"


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


def _time(moment: datetime) -> str:
    return moment.astimezone(PACIFIC_SUMMER).strftime("%Y-%m-%dT%H:%M:%S%z")


def _short(value: Decimal) -> str:
    """A decimal without zeros at its end, as JSON from Meta has it: 129.20 is `129.2`."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _ratio(above: Decimal, below: int) -> str | None:
    """A quotient rounded to six places; left out where nothing can be divided by."""
    if not below:
        return None
    return _short((above / below).quantize(Decimal("0.000001"), ROUND_HALF_UP))
