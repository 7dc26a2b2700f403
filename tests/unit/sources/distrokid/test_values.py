"""Values: exact, or the file is set aside and the value is shown."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedrot.errors import RejectedPayloadError
from bedrot.sources.distrokid.synthetic import (
    CURRENT,
    LAYOUTS,
    LEGACY,
    EarningsLine,
    Layout,
    write_earnings,
)
from bedrot.zones.parts import Profile

Typed = Callable[[bytes], list[dict[str, Any]]]
Gate = Callable[[bytes], Profile]


def _with(line: EarningsLine, old: str, new: str, layout: Layout = CURRENT) -> bytes:
    """Three lines, the second of which has another text in place of a value."""
    end = layout.newline.encode()
    header, first, second, third, _ = write_earnings([line] * 3, layout).split(end)
    quote = '"' if layout.is_quoted else ""
    sought = f"{quote}{old}{quote}".encode()
    assert sought in second
    changed = second.replace(sought, f"{quote}{new}{quote}".encode(), 1)
    return end.join([header, first, changed, third, b""])


AMOUNT = "0.031200000000"


@pytest.mark.parametrize(
    ("old", "new", "header"),
    [
        (AMOUNT, "3.12E-02", "Earnings (USD)"),
        (AMOUNT, "3.12e-2", "Earnings (USD)"),
        (AMOUNT, "0,031200000000", "Earnings (USD)"),
        (AMOUNT, "1,000.031200000000", "Earnings (USD)"),
        (AMOUNT, "1.000,03", "Earnings (USD)"),
        (AMOUNT, "1 000.03", "Earnings (USD)"),
        (AMOUNT, "$0.031200000000", "Earnings (USD)"),
        (AMOUNT, "+0.031200000000", "Earnings (USD)"),
        (AMOUNT, ".031200000000", "Earnings (USD)"),
        (AMOUNT, "0.", "Earnings (USD)"),
        (AMOUNT, "(0.031200000000)", "Earnings (USD)"),
        (AMOUNT, "--", "Earnings (USD)"),
        (AMOUNT, "NaN", "Earnings (USD)"),
        (AMOUNT, "undefined", "Earnings (USD)"),
        (AMOUNT, "0.0312000000001", "Earnings (USD)"),
        (AMOUNT, "12345678901.000000000000", "Earnings (USD)"),
        ("12", "1.2E+1", "Quantity"),
        ("12", "1E3", "Quantity"),
        ("12", "12.5", "Quantity"),
        ("12", "12.0", "Quantity"),
        ("12", "1,200", "Quantity"),
        ("12", "1.200", "Quantity"),
        ("12", "0x10", "Quantity"),
        ("12", "9223372036854775808", "Quantity"),
        ("12", "true", "Quantity"),
        ("2025-03", "45717", None),
        ("2025-03", "Mar-25", None),
        ("2025-03", "03/2025", None),
        ("2025-03", "2025-13", None),
        ("2025-03", "2025-3", None),
        ("2025-03", "2.025E+3", None),
        ("100", "100%", "Team Percentage"),
        ("100", "1E2", "Team Percentage"),
    ],
)
def test_a_reshaped_value_sets_the_file_aside(
    gate: Gate, line: EarningsLine, old: str, new: str, header: str | None
) -> None:
    with pytest.raises(RejectedPayloadError) as caught:
        gate(_with(line, old, new))
    assert caught.value.code == "unreadable_value"
    assert new[:40] in caught.value.seen
    assert caught.value.next_step
    if header:
        assert f"`{header}`" in str(caught.value)
        assert "record 2" in caught.value.seen


@pytest.mark.parametrize("date", ["24/05/2025", "05/24/2025", "2025-5-24", "2025-02-30", "45801"])
def test_a_reshaped_date_sets_the_file_aside(gate: Gate, line: EarningsLine, date: str) -> None:
    with pytest.raises(RejectedPayloadError) as caught:
        gate(_with(line, "2025-05-24", date, LEGACY))
    assert caught.value.code == "unreadable_value"
    assert date in caught.value.seen


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("ZZBDR2500001", "1.20E+11", "isrc_reshaped"),
        ("ZZBDR2500001", "ZZBDR250000", "isrc_reshaped"),
        ("ZZBDR2500001", "400000000013", "isrc_reshaped"),
        ("400000000013", "4E+11", "upc_reshaped"),
        ("400000000013", "4.00000E+11", "upc_reshaped"),
        ("400000000013", "400000000013.0", "upc_reshaped"),
    ],
)
def test_a_reshaped_code_breaks_an_error_rule(
    gate: Gate, line: EarningsLine, old: str, new: str, rule: str
) -> None:
    broken = {found.name: found for found in gate(_with(line, old, new)).rules}
    assert broken[rule].severity == "error"
    assert broken[rule].failing == 1
    assert "record 2" in broken[rule].examples[0]
    assert new in broken[rule].examples[0]


@pytest.mark.parametrize(
    "old",
    ["2025-03", "12", AMOUNT, "Spotify", "100"],
    ids=["month", "units", "net", "store", "split"],
)
def test_an_empty_needed_value_is_an_error_and_no_zero(
    gate: Gate, line: EarningsLine, old: str
) -> None:
    profile = gate(_with(line, old, ""))
    assert [rule.severity for rule in profile.rules if rule.failing == 1].count("error") >= 1


def test_an_empty_reporting_date_is_an_error(gate: Gate, line: EarningsLine) -> None:
    profile = gate(_with(line, "2025-05-24", "", LEGACY))
    assert "error" in {rule.severity for rule in profile.rules}


@pytest.mark.parametrize("old", ["DE", "The Tin Almanac", "Said the Sea", "Song"])
def test_an_empty_optional_value_is_no_error(gate: Gate, line: EarningsLine, old: str) -> None:
    assert "error" not in {rule.severity for rule in gate(_with(line, old, "")).rules}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@pytest.mark.parametrize("country", ["NA", "OU", "XK"])
def test_every_country_lives(
    gate: Gate, typed: Typed, line: EarningsLine, layout: Layout, country: str
) -> None:
    content = write_earnings([replace(line, country=country)], layout)
    assert [row["country_code"] for row in typed(content)] == [country]
    assert gate(content).rules == ()


def test_an_odd_country_is_a_warning(gate: Gate, line: EarningsLine) -> None:
    profile = gate(write_earnings([replace(line, country="Germany")], CURRENT))
    assert [rule.severity for rule in profile.rules] == ["warning"]


@pytest.mark.parametrize("title", ["NA", "null", "NULL", "None", "nan", "N/A", "-", "0", "true"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_words_that_others_read_as_missing_are_titles(
    typed: Typed, line: EarningsLine, layout: Layout, title: str
) -> None:
    [row] = typed(write_earnings([replace(line, title=title, artist=title)], layout))
    assert (row["track_title"], row["artist_name"]) == (title, title)


def test_twelve_decimals_are_exact(typed: Typed, line: EarningsLine) -> None:
    amounts = [
        Decimal("0.000000000001"),
        Decimal("-0.123456789012"),
        Decimal("9999999999.999999999999"),
    ]
    rows = typed(write_earnings([replace(line, earnings=amount) for amount in amounts], CURRENT))
    assert [row["net_usd"] for row in rows] == amounts


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    amounts=st.lists(
        st.decimals(places=12, min_value=-(10**9), max_value=10**9), min_size=1, max_size=30
    )
)
def test_the_sum_of_a_file_is_the_sum_of_its_lines(
    typed: Typed, line: EarningsLine, amounts: list[Decimal]
) -> None:
    rows = typed(write_earnings([replace(line, earnings=amount) for amount in amounts], CURRENT))
    assert [row["net_usd"] for row in rows] == amounts
    assert sum(row["net_usd"] for row in rows) == sum(amounts)


def test_the_gate_tells_exact_sums(gate: Gate, line: EarningsLine) -> None:
    lines = [replace(line, earnings=Decimal("0.000000000001"), quantity=n) for n in range(10)]
    profile = gate(write_earnings(lines, CURRENT))
    assert (profile.rows, profile.amount, profile.units) == (10, Decimal("0.00000000001"), 45)


def test_a_negative_zero_is_a_sale_and_less_is_a_deduction(
    typed: Typed, line: EarningsLine
) -> None:
    amounts = ["-0.00000000", "-0.00000001", "0.00000000"]
    rows = typed(write_earnings([replace(line, earnings=Decimal(a)) for a in amounts], LEGACY))
    assert [row["line_type"] for row in rows] == ["sale", "deduction", "sale"]
    assert [row["net_usd"] for row in rows] == [0, Decimal("-0.00000001"), 0]


def test_money_without_units_is_kept(gate: Gate, typed: Typed, line: EarningsLine) -> None:
    content = write_earnings([replace(line, quantity=0)], LEGACY)
    [row] = typed(content)
    assert (row["units"], row["net_usd"]) == (0, line.earnings)
    assert gate(content).rules == ()


@pytest.mark.parametrize(
    "isrc", ["ZZ-BDR-25-00001", "zzbdr2500001", " zz-bdr-25-00001 ", "ZZ BDR 25 00001"]
)
def test_an_isrc_has_one_form(typed: Typed, line: EarningsLine, isrc: str) -> None:
    [row] = typed(write_earnings([replace(line, isrc=isrc)], LEGACY))
    assert (row["isrc"], row["recording_key"]) == ("ZZBDR2500001", "ZZBDR2500001")
    assert row["isrc_reported"] == isrc.strip()


def test_without_an_isrc_upc_and_title_name_the_recording(
    gate: Gate, typed: Typed, line: EarningsLine
) -> None:
    album = replace(line, isrc="", source_type="Album")
    content = write_earnings(
        [album, replace(album, title="Other"), replace(album, upc="400000000014")], LEGACY
    )
    rows = typed(content)
    assert rows[0]["isrc"] is None
    assert rows[0]["recording_key"] == "400000000013|Said the Sea"
    assert len({row["recording_key"] for row in rows}) == 3
    assert gate(content).rules == ()


def test_a_upc_keeps_its_leading_zeros(typed: Typed, line: EarningsLine) -> None:
    [row] = typed(write_earnings([replace(line, upc="0012345678905")], LEGACY))
    assert (row["upc"], row["upc_key"]) == ("0012345678905", "00012345678905")


def test_equal_lines_are_all_kept(gate: Gate, line: EarningsLine) -> None:
    profile = gate(write_earnings([line] * 5, LEGACY))
    assert (profile.rows, profile.amount) == (5, line.earnings * 5)
    assert profile.rules == ()


def test_a_sale_after_its_report_is_an_error(gate: Gate, line: EarningsLine) -> None:
    [rule] = gate(write_earnings([replace(line, sale_month="2025-06")], LEGACY)).rules
    assert (rule.name, rule.severity) == ("sale_after_reporting", "error")


def test_an_unknown_store_loads_and_is_told(gate: Gate, typed: Typed, line: EarningsLine) -> None:
    content = write_earnings([line, replace(line, store="Kazoo Radio")], CURRENT)
    known, unknown = typed(content)
    assert (known["is_known_store"], unknown["is_known_store"]) == (True, False)
    assert (unknown["store"], unknown["store_reported"]) == ("Kazoo Radio", "Kazoo Radio")
    assert unknown["use_type"] is None
    [rule] = gate(content).rules
    assert (rule.name, rule.severity, rule.failing) == ("unknown_store", "warning", 1)
    assert "Kazoo Radio" in rule.examples[0]


@pytest.mark.parametrize(
    ("reported", "store", "use_type", "model"),
    [
        ("Amazon Unlimited (Streaming)", "Amazon Music", "stream", "subscription"),
        ("Amazon Unlimited (streaming)", "Amazon Music", "stream", "subscription"),
        ("AMAZON  UNLIMITED (STREAMING)", "Amazon Music", "stream", "subscription"),
        ("SPOTIFY", "Spotify", "stream", None),
        (" spotify ", "Spotify", "stream", None),
        ("iTunes Songs", "iTunes", "download", "purchase"),
        ("YouTube (Ads)", "YouTube", "ugc", "ad-supported"),
        ("Facebook", "Facebook", "ugc", "ad-supported"),
    ],
)
def test_a_store_is_known_in_any_spelling(
    typed: Typed, line: EarningsLine, reported: str, store: str, use_type: str, model: str | None
) -> None:
    [row] = typed(write_earnings([replace(line, store=reported)], CURRENT))
    assert (row["store"], row["use_type"], row["commercial_model"]) == (store, use_type, model)
    assert row["store_reported"] == reported.strip()


# From the platform's reference: every store that was seen.
STORES_SEEN = [
    "Spotify",
    "Apple Music",
    "iTunes",
    "iTunes Songs",
    "iTunes Match",
    "YouTube (Ads)",
    "YouTube (Red)",
    "YouTube (Audio)",
    "TikTok",
    "Tidal",
    "Facebook",
    "Deezer",
    "Amazon Unlimited (Streaming)",
    "Amazon Prime (Streaming)",
    "Amazon (downloads)",
    "Pandora",
    "NetEase",
    "Flo",
    "Resso",
    "Napster",
    "Snapchat",
    "Boomplay",
    "Audiomack",
    "Beatport",
    "MediaNet",
    "Tidal Downloads",
]


def test_every_store_that_was_seen_is_known(typed: Typed, line: EarningsLine) -> None:
    rows = typed(write_earnings([replace(line, store=store) for store in STORES_SEEN], LEGACY))
    assert [row["store_reported"] for row in rows if not row["is_known_store"]] == []
