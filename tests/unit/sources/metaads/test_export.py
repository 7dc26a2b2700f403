"""The CSV export of Ads Manager gives the rows that the API gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.errors import RejectedPayloadError
from bedrot.sources.metaads import (
    AD_INSIGHTS_DAILY,
    AD_INSIGHTS_LIFETIME,
    CAMPAIGN_INSIGHTS_DAILY,
    INSIGHT_ACTIONS_DAILY,
)
from bedrot.sources.metaads.insight_tables import figures
from bedrot.sources.metaads.synthetic import Action, Figures, dump, export_csv, insight_object

READ = figures("campaign", "daily")
FIRST = date(2025, 3, 1)
TOLD = st.lists(
    st.builds(
        lambda n, **rest: Figures(
            start=FIRST + timedelta(n), stop=FIRST + timedelta(n), campaign_id="12", **rest
        ),
        n=st.integers(0, 400),
        spend=st.decimals("0.01", 9999, places=2),
        impressions=st.integers(1, 10**7),
        clicks=st.integers(0, 10**6),
        reach=st.integers(0, 10**7),
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda row: row.start,
)


def _days(day: Figures, count: int) -> list[Figures]:
    return [
        replace(day, start=FIRST + timedelta(n), stop=FIRST + timedelta(n)) for n in range(count)
    ]


def _told(found: list[dict[str, Any]]) -> Counter[str]:
    kept = ("campaign_id", "insight_date", "campaign_spend", "campaign_impressions")
    return Counter(str([row[name] for name in kept]) for row in found)


@given(told=TOLD)
def test_any_days_come_out_as_the_api_tells_them(told: list[Figures], rows: Any) -> None:
    api = rows(CAMPAIGN_INSIGHTS_DAILY, dump([insight_object(row) for row in told]))
    exported = rows(CAMPAIGN_INSIGHTS_DAILY, export_csv(told, by_day=True))
    assert _told(exported) == _told(api)


@given(told=TOLD, data=st.data())
def test_an_export_cut_anywhere_is_set_aside_or_whole(
    told: list[Figures], data: st.DataObject, rows: Any
) -> None:
    content = export_csv(told, by_day=True)
    whole = _told(rows(CAMPAIGN_INSIGHTS_DAILY, content))
    cut = content[: data.draw(st.integers(0, len(content) - 1))]
    try:
        assert _told(rows(CAMPAIGN_INSIGHTS_DAILY, cut)) in (whole, Counter())
    except RejectedPayloadError:
        return


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_and_line_ends_give_the_same_rows(
    encoding: Any, newline: Any, day: Figures, rows: Any, known: Any
) -> None:
    content = export_csv(_days(day, 3), by_day=True, encoding=encoding, newline=newline)
    assert known(content) == {"insights"}
    plain = export_csv(_days(day, 3), by_day=True)
    assert rows(CAMPAIGN_INSIGHTS_DAILY, content) == rows(CAMPAIGN_INSIGHTS_DAILY, plain)


def test_the_header_names_the_currency(day: Figures, rows: Any) -> None:
    content = export_csv(_days(day, 2), by_day=True, currency="EUR")
    assert {r["currency_code"] for r in rows(CAMPAIGN_INSIGHTS_DAILY, content)} == {"EUR"}


def test_two_currencies_are_set_aside(day: Figures, code: Any) -> None:
    content = export_csv([day], by_day=True).replace(b"CPC (all) (USD)", b"CPC (all) (EUR)")
    assert code(READ, content) == "several_currencies"


def test_without_days_the_reporting_range_says_what_it_is(day: Figures, rows: Any) -> None:
    lives = [
        replace(day, start=FIRST, stop=date(2025, 5, 26), adset_id="12", ad_id=str(n))
        for n in (13, 14)
    ]
    content = export_csv(lives)
    assert rows(AD_INSIGHTS_DAILY, content) == []
    assert [row["ad_id"] for row in rows(AD_INSIGHTS_LIFETIME, content)] == ["13", "14"]


def test_the_last_30_days_are_no_lives(day: Figures, code: Any) -> None:
    content = export_csv([replace(day, start=date(2025, 4, 27), stop=date(2025, 5, 26))])
    assert code(READ, content) == "unknown_nature"


def test_the_line_of_totals_is_no_row_and_has_to_agree(day: Figures, rows: Any, code: Any) -> None:
    content = export_csv(_days(day, 3), by_day=True)
    assert len(rows(CAMPAIGN_INSIGHTS_DAILY, content)) == 3
    lines = content.split(b"\n")
    assert code(READ, b"\n".join([*lines[:2], *lines[3:]])) == "totals_disagree"


def test_its_results_take_no_actions_away(day: Figures, rows: Any, tell: Any) -> None:
    told = export_csv([replace(day, actions=[Action(action_type="lead", count=2)])], by_day=True)
    assert rows(INSIGHT_ACTIONS_DAILY, told) == []
    assert "Result indicator" in str(tell(told).notes)


def test_without_ids_nobody_can_tell_whose_rows_they_are(day: Figures, code: Any) -> None:
    content = export_csv([day], by_day=True).replace(b"Campaign ID", b"Campaign delivery")
    assert code(READ, content) == "missing_ids"


def test_a_spreadsheet_that_rounded_the_ids_is_set_aside(day: Figures, code: Any) -> None:
    content = export_csv([day], by_day=True).replace(day.campaign_id.encode(), b"1.202E+17")
    assert code(READ, content) == "reshaped_id"


@pytest.mark.parametrize("headers", [["Amount spent (USD)"], ["Day", "Reporting ends"]])
def test_a_needed_column_that_is_missing_is_named(
    headers: list[str], day: Figures, code: Any
) -> None:
    content = export_csv([day], by_day=True).decode()
    for header in headers:
        content = content.replace(header, f"Other {header}")
    assert code(READ, content.encode()) == "missing_field"


def test_two_headers_for_one_column_are_set_aside(day: Figures, code: Any) -> None:
    content = export_csv([day], by_day=True).replace(b"Ends", b"Clicks")
    assert code(READ, content) == "doubled_header"


@pytest.mark.parametrize("value", ["20/05/2025", "20.05.2025", "2025-02-30", "45797"])
def test_a_day_in_another_form_is_set_aside(value: str, day: Figures, code: Any) -> None:
    content = export_csv([day], by_day=True).replace(str(day.start).encode(), value.encode())
    assert code(READ, content) == "unreadable_value"


def test_decimal_commas_are_set_aside(day: Figures, code: Any) -> None:
    content = export_csv([day], by_day=True, has_totals=False)
    assert code(READ, content.replace(b"21.47", b'"21,47"')) == "unreadable_value"


def test_rows_without_delivery_are_left_out_and_never_0(day: Figures, payload: Any) -> None:
    content = export_csv(_days(day, 2), by_day=True, has_totals=False)
    lines = content.split(b"\n")
    # Ads Manager leaves every figure empty where nothing was delivered.
    lines[1] = b",".join([*lines[1].split(b",")[:5], *[b""] * 8])
    payload.write_bytes(b"\n".join(lines))
    parsed = READ(payload, frozenset())
    assert len(parsed.records) == 1
    assert "no_delivery" in {note.code for note in parsed.notes}


def test_columns_that_nobody_reads_are_named(day: Figures, payload: Any) -> None:
    payload.write_bytes(export_csv([day], by_day=True))
    notes = READ(payload, frozenset()).notes
    assert ["Ends" in note.text for note in notes if note.code == "fields_kept_out"] == [True]


def test_spend_keeps_its_cents(day: Figures, rows: Any) -> None:
    content = export_csv([replace(day, spend=Decimal("129.20"))], by_day=True)
    assert rows(CAMPAIGN_INSIGHTS_DAILY, content)[0]["campaign_spend"] == Decimal("129.2")


def test_an_export_of_the_account_alone_is_set_aside(day: Figures, code: Any) -> None:
    lines = export_csv(_days(day, 2), by_day=True, has_totals=False).decode().splitlines()
    cut = [",".join([*line.split(",")[:3], *line.split(",")[5:]]) for line in lines]
    assert code(READ, ("\n".join(cut) + "\n").encode()) == "account_level"
