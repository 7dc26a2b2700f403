"""What a run would do, said beforehand, and true."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bedrot.sources.distrokid.synthetic import EarningsLine
from bedrot.sources.toolost.synthetic import spotify_response

Command = Callable[..., Any]
Export = Callable[..., Path]


def tree(folder: Path) -> Mapping[str, tuple[int, int]]:
    """Every file and folder of a lake; of files the size and the time of the last write."""
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns) if path.is_file() else (0, 0)
        for path in folder.rglob("*")
    }


@pytest.fixture
def planned(bedrot: Command, lake: Path) -> Callable[[], Any]:
    """Plan as JSON, having made sure that nothing in the lake was touched."""

    def start() -> Any:
        before = tree(lake)
        told = bedrot("plan", "--json").document
        assert tree(lake) == before
        return told

    return start


def earnings(told: Any) -> Any:
    """The stream of royalty lines; nothing is to be done for any other."""
    (found,) = [s for s in told["streams"] if s["stream"] == "distrokid.earnings"]
    others = [s for s in told["streams"] if s is not found]
    assert [s["files"] + s["partitions"] for s in others] == [[]] * len(others)
    return found


def actions(told: Any) -> dict[str, str]:
    return {table["table"]: table["action"] for table in told["tables"]}


def test_an_empty_lake_has_its_marts_made(bedrot: Command, planned: Callable[[], Any]) -> None:
    bedrot("init")
    told = planned()
    assert set(actions(told).values()) == {"create"}
    assert not any(name.startswith("stg_") for name in actions(told))
    assert told["streams"] == []


def test_new_files_are_told_with_their_lines_and_money(
    bedrot: Command, export: Export, planned: Callable[[], Any]
) -> None:
    bedrot("import", export())
    told = planned()
    stream = earnings(told)
    assert (stream["new_files"], stream["rows"], stream["amount"]) == (1, 4, "3.85")
    assert [p["partition"] for p in stream["partitions"]] == ["2025-01", "2025-02"]
    text = bedrot("plan").out
    assert "distrokid.earnings: 1 new file(s), 4 line(s), net 3.85 USD" in text
    assert "next: `bedrot run`" in text


def test_after_a_run_there_is_nothing_to_do(
    bedrot: Command, filled: Path, planned: Callable[[], Any]
) -> None:
    told = planned()
    assert told["is_nothing"]
    assert set(actions(told).values()) == {"nothing"}
    assert bedrot("plan").out == "nothing to do: lake release 1 stands\n"


def test_a_new_month_touches_only_its_partitions(
    bedrot: Command,
    export: Export,
    filled: Path,
    line: EarningsLine,
    planned: Callable[[], Any],
) -> None:
    bedrot("import", export([replace(line, reporting_date=date(2025, 4, 9))], "april.tsv"))
    told = planned()
    tables = {table["table"]: table for table in told["tables"]}
    assert tables["stg_distrokid__earnings"]["partitions"] == ["2025-04"]
    assert tables["fct_royalty_line"]["partitions"] == ["2025-04"]
    assert tables["rpt_revenue_monthly"]["partitions"] is None
    bedrot("run")
    assert planned()["is_nothing"]


def test_a_run_writes_no_partition_that_the_plan_did_not_name(
    bedrot: Command,
    export: Export,
    filled: Path,
    line: EarningsLine,
    planned: Callable[[], Any],
) -> None:
    restated = replace(line, store="Deezer", earnings=Decimal("1.25"))
    lines = [restated, replace(restated, reporting_date=date(2025, 3, 9))]
    bedrot("import", export(lines, "bank_20250401_120000.tsv"))
    told = {table["table"]: table["partitions"] for table in planned()["tables"]}
    written = bedrot("run", "--json").document["tables"]
    for table in ("stg_distrokid__earnings", "fct_royalty_line"):
        assert set(written[table]["partitions"]) <= set(told[table])


def test_a_file_that_would_be_set_aside_is_told_with_its_reason(
    bedrot: Command,
    export: Export,
    filled: Path,
    line: EarningsLine,
    planned: Callable[[], Any],
) -> None:
    lines = [line, replace(line, store="Deezer", quantity=2, earnings=Decimal("0.5"))]
    lines += [replace(line, reporting_date=date(2025, 2, 12), sale_month="2024-11")]
    bedrot("import", export(lines, "bank_20250401_120000.tsv"))
    stream = earnings(planned())
    aside = [file for file in stream["files"] if file["status"] == "set_aside"]
    assert [file["name"] for file in aside] == ["exports/bank_20250401_120000.tsv"]
    assert "missing" in aside[0]["reason"]
    assert "set aside: " in bedrot("plan").out


def test_payloads_that_have_to_be_read_again_are_read_apart(
    bedrot: Command, filled: Path, planned: Callable[[], Any]
) -> None:
    shutil.rmtree(filled / "staging" / ".parts")
    told = planned()
    (file,) = earnings(told)["files"]
    assert (file["is_unread"], file["rows"]) == (True, 4)
    assert told["is_nothing"]


def test_a_run_that_was_killed_before_its_release_is_told(
    bedrot: Command, filled: Path, planned: Callable[[], Any]
) -> None:
    (filled / "releases" / "00000001.json").unlink()
    told = planned()
    assert (told["is_unfinished"], told["is_nothing"]) == (True, False)
    assert "a former run was killed" in bedrot("plan").out


def test_figures_without_money_have_no_amount(
    bedrot: Command, planned: Callable[[], Any], tmp_path: Path
) -> None:
    path = tmp_path / "spotify.json"
    path.write_bytes(spotify_response({date(2025, 5, 1): 3, date(2025, 5, 2): 4}))
    bedrot("import", path)
    (stream,) = [s for s in planned()["streams"] if s["stream"] == "toolost.spotify_daily"]
    assert (stream["rows"], stream["amount"], stream["files"][0]["amount"]) == (2, None, None)
    assert "toolost.spotify_daily: 1 new file(s), 2 line(s)\n" in bedrot("plan").out
