from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bedrot.sources.distrokid.synthetic import EarningsLine

Command = Callable[..., Any]
Export = Callable[..., Path]


def test_status_works_before_the_first_release(bedrot: Command) -> None:
    bedrot("init")
    told = bedrot("status")
    assert "lake release: none yet" in told.out
    assert "last run: none yet" in told.out


def test_status_tells_the_newest_closing_date_and_not_a_files(
    bedrot: Command, filled: Path
) -> None:
    told = bedrot("status", "--json").document
    stream, *others = sorted(told["streams"], key=lambda s: s["stream"] != "distrokid.earnings")
    assert (stream["stream"], stream["newest_date"]) == ("distrokid.earnings", "2025-02-12")
    assert (stream["rows"], stream["files"]) == (4, 1)
    assert {(other["newest_date"], other["rows"], other["files"]) for other in others} == {
        (None, None, 0)
    }
    assert (told["release"]["number"], told["last_run"]["outcome"]) == (1, "published")


def test_status_counts_files_that_wait_for_a_run(
    bedrot: Command, export: Export, filled: Path, line: EarningsLine
) -> None:
    bedrot("import", export([replace(line, reporting_date=date(2025, 4, 9))], "april.tsv"))
    assert bedrot("status", "--json").document["waiting_files"] == 1
    bedrot("run")
    assert bedrot("status", "--json").document["waiting_files"] == 0


def test_status_counts_what_is_set_aside(bedrot: Command, export: Export, filled: Path) -> None:
    whole = export().read_bytes()
    cut = export(name="cut.tsv")
    cut.write_bytes(whole[:-9])
    bedrot("import", cut, code=3)
    told = bedrot("status", "--json").document
    assert told["set_aside"] == 1
    assert "bedrot quarantine list" in bedrot("status").out


def test_runs_lists_runs_and_releases_newest_first(bedrot: Command, filled: Path) -> None:
    bedrot("run")
    told = bedrot("runs", "--json").document
    assert [run["outcome"] for run in told["runs"]] == ["unchanged", "published"]
    assert [release["number"] for release in told["releases"]] == [1]
    assert len(bedrot("runs", "--limit", "1", "--json").document["runs"]) == 1


def test_runs_before_the_first_says_what_to_do(bedrot: Command) -> None:
    bedrot("init")
    assert "nothing was run yet" in bedrot("runs").out


def test_tables_lists_rows_hashes_and_meaning(bedrot: Command, filled: Path) -> None:
    told = bedrot("tables", "--hashes", "--json").document
    lines = next(t for t in told["tables"] if t["table"] == "fct_royalty_line")
    assert (told["release"], lines["zone"], lines["rows"], lines["version"]) == (1, "curated", 4, 0)
    assert len(lines["content_hash"]) == 32
    assert lines["description"].startswith("Every royalty line")
    assert "rpt_revenue_monthly" in bedrot("tables").out


def test_tables_before_the_first_release_says_what_to_do(bedrot: Command) -> None:
    bedrot("init")
    told = bedrot("tables", code=2)
    assert "nothing has been published yet" in told.err
    assert "next: " in told.err


def test_describe_tells_the_contract_without_a_lake(bedrot: Command, lake: Path) -> None:
    told = bedrot("describe", "stg_distrokid__earnings", "--json").document
    amount = next(c for c in told["columns"] if c["name"] == "net_usd")
    assert told["grain"] == "One royalty line of one account."
    assert told["purpose"].startswith("Every royalty line that DistroKid reports")
    assert (amount["unit"], amount["header_aliases"]) == ("USD", ["Earnings (USD)"])
    assert "isrc_reshaped" in {rule["name"] for rule in told["rules"]}
    assert not lake.exists()


def test_describe_for_people_shows_columns_rules_and_rows(bedrot: Command, filled: Path) -> None:
    told = bedrot("describe", "rpt_revenue_monthly").out
    assert "grain: One recording of one account" in told
    assert "rows in the newest lake release: 3" in told
    assert "usd_per_unit" in told


def test_describe_of_an_unknown_table_names_those_there_are(bedrot: Command) -> None:
    told = bedrot("describe", "fct_royalties", code=2)
    assert "there is no table `fct_royalties`" in told.err
    assert "fct_royalty_line" in told.err
