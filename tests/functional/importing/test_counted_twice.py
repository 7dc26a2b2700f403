"""The same bytes under two accounts, or about two windows, count twice: that is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from bedrot.catalog import index
from bedrot.pipeline.bringing import Imported
from bedrot.pipeline.deciding import drop
from bedrot.sources.distrokid.synthetic import LEGACY, EarningsLine, write_earnings
from bedrot.testing.lakes import NOW
from bedrot.zones.lake import Lake

Bring = Callable[..., dict[str, Imported]]

OVERVIEW = (
    "Date,Video Views,Profile Views,Likes,Comments,Shares\n"
    "May 1,10,0,0,0,0\nMay 2,20,0,0,0,0\nMay 3,30,0,0,0,0\n"
)


def warnings(told: dict[str, Imported]) -> str:
    return "; ".join(text for one in told.values() for text in one.warnings)


def test_under_another_account(bring: Bring, given: Path, line: EarningsLine) -> None:
    (given / "a.tsv").write_bytes(write_earnings([line], LEGACY))
    assert "twice" not in warnings(bring(account="one"))
    assert "count for the account `one` already, and now twice" in warnings(bring(account="two"))
    assert "twice" not in warnings(bring(account="two"))


def test_a_dry_run_says_it_too(bring: Bring, given: Path, line: EarningsLine) -> None:
    for account in ("one", "two"):
        folder = given / "inbox" / "distrokid" / account
        folder.mkdir(parents=True)
        (folder / "a.tsv").write_bytes(write_earnings([line], LEGACY))
    rehearsed = warnings(bring(dry_run=True))
    assert "count for the account `one` already" in rehearsed
    assert warnings(bring()) == rehearsed


def test_about_another_window_until_the_first_is_dropped(
    bring: Bring, lake: Lake, given: Path
) -> None:
    (given / "Overview.csv").write_text(OVERVIEW, encoding="utf-8")
    first = (date(2024, 5, 1), date(2024, 5, 3))
    bring(account="one", window=first)
    (known,) = index.captures(lake.catalog)
    second = bring(account="one", window=(date(2023, 5, 1), date(2023, 5, 3)))
    assert f"`bedrot quarantine drop {known.file_id}`" in warnings(second)
    drop(lake, known.file_id, clock=lambda: NOW)
    third = bring(account="one", window=(date(2022, 5, 1), date(2022, 5, 3)))
    assert f"drop {known.file_id}" not in warnings(third)


def test_nothing_is_said_of_files_without_figures(bring: Bring, given: Path) -> None:
    zeros = "Date,Video Views,Profile Views,Likes,Comments,Shares\nMay 1,0,0,0,0,0\n"
    (given / "Overview.csv").write_text(zeros, encoding="utf-8")
    window = (date(2024, 5, 1), date(2024, 5, 1))
    bring(account="one", window=window)
    assert "twice" not in warnings(bring(account="two", window=window))
