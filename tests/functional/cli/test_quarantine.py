from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bedrot.sources.distrokid.synthetic import EarningsLine, sign_in_page

NET = "select sum(net_usd) as net from fct_royalty_line"

Command = Callable[..., Any]
Export = Callable[..., Path]


@pytest.fixture
def net(bedrot: Command) -> Callable[[], str | None]:
    def ask() -> str | None:
        return bedrot("sql", NET, "--format", "json").document[0]["net"]

    return ask


@pytest.fixture
def aside(bedrot: Command) -> Callable[[], dict[str, str]]:
    def ask() -> dict[str, str]:
        return {s["file_id"]: s["code"] for s in bedrot("quarantine", "list", "--json").document}

    return ask


@pytest.fixture
def short_amount(bedrot: Command, export: Export, filled: Path, line: EarningsLine) -> str:
    """The id of a file whose last amount has fewer decimals than the others."""
    april = [replace(line, sale_month=month) for month in ("2024-08", "2024-09", "2024-10")]
    path = export(april, "short.tsv")
    path.write_bytes(path.read_bytes()[:-3] + b"\r")
    (file,) = bedrot("import", path, "--json", code=3).document["files"]
    return file["file_id"]


@pytest.fixture
def odd_isrc(bedrot: Command, export: Export, filled: Path, line: EarningsLine) -> str:
    """The id of a file that breaks a rule of the contract."""
    path = export([replace(line, isrc="QZABC2.4E+08", store="Tidal")], "saved_again.tsv")
    (file,) = bedrot("import", path, "--json", code=3).document["files"]
    return file["file_id"]


@pytest.fixture
def lacking(
    bedrot: Command, export: Export, filled: Path, two_months: tuple[EarningsLine, ...]
) -> str:
    """The id of a newer export that lacks one line of the older, though nothing was filtered."""
    kept = [two_months[0], two_months[2], two_months[3]]
    kept.append(replace(two_months[1], sale_month="2024-12", earnings=Decimal(7)))
    path = export(kept, "bank_20250401_120000.tsv")
    (file,) = bedrot("import", path, "--json").document["files"]
    bedrot("run")
    return file["file_id"]


def test_nothing_set_aside_is_said(bedrot: Command, filled: Path) -> None:
    assert bedrot("quarantine", "list").out.strip() == "nothing is set aside"


def test_the_gates_cases_are_listed_at_once(
    bedrot: Command, short_amount: str, aside: Callable[[], dict[str, str]]
) -> None:
    assert aside() == {short_amount: "truncated"}
    assert short_amount in bedrot("quarantine", "list").out


def test_a_broken_rule_is_listed_before_and_after_the_run(
    bedrot: Command, odd_isrc: str, aside: Callable[[], dict[str, str]]
) -> None:
    assert aside() == {odd_isrc: "rule:isrc_reshaped"}
    bedrot("run")
    assert aside() == {odd_isrc: "rule:isrc_reshaped"}


def test_show_tells_everything_and_takes_a_part_of_the_id(bedrot: Command, odd_isrc: str) -> None:
    told = bedrot("quarantine", "show", odd_isrc[:6])
    assert "seen as exports/saved_again.tsv, account `main`" in told.out
    assert "record 1: isrc=QZABC2.4E+08" in told.out
    assert f"bedrot quarantine accept {odd_isrc}" in told.out
    case = bedrot("quarantine", "show", odd_isrc, "--json").document
    assert case["first_records"][1].split("\t")[5] == "QZABC2.4E+08"
    assert case["content"]["amount"] == "0.12345678"


def test_show_of_an_unknown_or_ambiguous_id_is_refused(bedrot: Command, odd_isrc: str) -> None:
    assert (
        "no file has an id that begins with `zz`" in bedrot("quarantine", "show", "zz", code=2).err
    )
    assert "no file has an id" in bedrot("quarantine", "show", "", code=2).err


def test_accepting_a_gate_case_reads_it_at_once_and_counts_it(
    bedrot: Command,
    short_amount: str,
    aside: Callable[[], dict[str, str]],
    net: Callable[[], str | None],
) -> None:
    told = bedrot("quarantine", "accept", short_amount, "--reason", "checked")
    assert f"accepted {short_amount} despite: truncated" in told.out
    assert aside() == {}
    bedrot("run")
    assert net() == "4.22036956"  # 3.85, two whole lines and the short one


def test_what_still_stands_against_an_accepted_file_is_said(
    bedrot: Command, export: Export, filled: Path, line: EarningsLine
) -> None:
    odd = [replace(line, isrc="QZABC2.4E+08", store=store) for store in ("Tidal", "Deezer", "Yoto")]
    path = export(odd, "short.tsv")
    path.write_bytes(path.read_bytes()[:-3] + b"\r")
    (file,) = bedrot("import", path, "--json", code=3).document["files"]
    told = bedrot("quarantine", "accept", file["file_id"])
    assert "despite: truncated" in told.out
    assert "still set aside (rule:isrc_reshaped)" in told.out


def test_an_accepted_gate_case_survives_a_rebuild(
    bedrot: Command, short_amount: str, net: Callable[[], str | None]
) -> None:
    bedrot("quarantine", "accept", short_amount)
    bedrot("run")
    before = net()
    assert bedrot("rebuild", "--json").document["outcome"] == "unchanged"
    assert net() == before


def test_accepting_a_broken_rule_counts_it_at_the_next_run(
    bedrot: Command,
    odd_isrc: str,
    aside: Callable[[], dict[str, str]],
    net: Callable[[], str | None],
) -> None:
    bedrot("run")
    assert net() == "3.85"
    bedrot("quarantine", "accept", odd_isrc)
    assert aside() == {}
    assert (
        "1 accepted file(s) count after the next `bedrot run`" in bedrot("quarantine", "list").out
    )
    bedrot("run")
    assert net() == "3.97345678"


def test_a_file_that_cannot_be_read_cannot_be_accepted(
    bedrot: Command, filled: Path, export: Export
) -> None:
    whole = export().read_bytes()
    cut = export(name="cut.tsv")
    cut.write_bytes(whole[:-30])
    (file,) = bedrot("import", cut, "--json", code=3).document["files"]
    told = bedrot("quarantine", "accept", file["file_id"], code=2)
    assert "still cannot be read: the last record 4 has 7 fields" in told.err
    assert not (filled / "decisions").exists()


def test_a_sign_in_page_cannot_be_accepted(bedrot: Command, filled: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.tsv"
    page.write_bytes(sign_in_page())
    (file,) = bedrot("import", page, "--json", code=3).document["files"]
    told = bedrot("quarantine", "accept", file["file_id"], code=2)
    assert "cannot be accepted" in told.err
    assert "next: sign in again" in told.err
    assert not (filled / "decisions").exists()


def test_what_counts_needs_no_decision(bedrot: Command, filled: Path) -> None:
    file_id = next((filled / "raw" / "distrokid" / "earnings").iterdir()).name
    assert "nothing stands against" in bedrot("quarantine", "accept", file_id, code=2).err


def test_missing_lines_stay_when_a_file_is_accepted(
    bedrot: Command,
    lacking: str,
    aside: Callable[[], dict[str, str]],
    net: Callable[[], str | None],
) -> None:
    assert aside() == {lacking: "lacks_lines"}
    bedrot("quarantine", "accept", lacking)
    bedrot("run")
    assert net() == "10.85"


def test_missing_lines_go_when_they_are_withdrawn(
    bedrot: Command, lacking: str, net: Callable[[], str | None]
) -> None:
    told = bedrot("quarantine", "accept", lacking, "--withdraw", "--json").document
    assert (told["kind"], told["codes"]) == ("withdraw", ["lacks_lines"])
    bedrot("run")
    assert net() == "9.35"


def test_an_accepted_file_may_be_withdrawn_later(
    bedrot: Command, lacking: str, net: Callable[[], str | None]
) -> None:
    bedrot("quarantine", "accept", lacking)
    bedrot("run")
    bedrot("quarantine", "accept", lacking, "--withdraw")
    bedrot("run")
    assert net() == "9.35"


def test_withdraw_wants_missing_lines(bedrot: Command, odd_isrc: str) -> None:
    told = bedrot("quarantine", "accept", odd_isrc, "--withdraw", code=2)
    assert "there is nothing to withdraw" in told.err


def test_a_dropped_file_never_counts_until_it_is_accepted(
    bedrot: Command,
    filled: Path,
    net: Callable[[], str | None],
    aside: Callable[[], dict[str, str]],
) -> None:
    file_id = next((filled / "raw" / "distrokid" / "earnings").iterdir()).name
    bedrot("quarantine", "drop", file_id, "--reason", "another label's")
    assert aside() == {}
    bedrot("run")
    assert net() is None
    assert "is dropped already" in bedrot("quarantine", "drop", file_id, code=2).err
    listed = bedrot("quarantine", "list", "--all", "--json").document
    assert [(s["file_id"], s["status"]) for s in listed] == [(file_id, "dropped")]
    bedrot("quarantine", "accept", file_id)
    bedrot("run")
    assert net() == "3.85"


def test_a_file_that_was_accepted_can_be_dropped_again(
    bedrot: Command, odd_isrc: str, net: Callable[[], str | None]
) -> None:
    bedrot("quarantine", "accept", odd_isrc)
    bedrot("quarantine", "drop", odd_isrc)
    bedrot("run")
    assert net() == "3.85"


def test_decisions_tell_who_why_and_when(bedrot: Command, odd_isrc: str) -> None:
    bedrot("quarantine", "drop", odd_isrc, "--reason", "saved by a spreadsheet")
    (decision,) = bedrot("quarantine", "show", odd_isrc, "--json").document["decisions"]
    assert (decision["kind"], decision["reason"]) == ("drop", "saved by a spreadsheet")
    assert decision["decided_at"]


def test_retry_of_what_still_fails_records_nothing(
    bedrot: Command, short_amount: str, filled: Path
) -> None:
    (told,) = bedrot("quarantine", "retry", short_amount, "--json").document
    assert (told["outcome"], told["is_changed"]) == ("set_aside", False)
    assert not (filled / "decisions").exists()


def test_retry_lets_in_what_passes_now(
    bedrot: Command,
    export: Export,
    filled: Path,
    line: EarningsLine,
    aside: Callable[[], dict[str, str]],
) -> None:
    path = export([replace(line, sale_month="2024-10")], "fixed.tsv")
    (file,) = bedrot("import", path, "--json").document["files"]
    _set_aside_as_an_older_version_would_have(filled, file["file_id"])
    bedrot("rebuild", "--catalogue")
    assert aside() == {file["file_id"]: "missing_column"}
    told = bedrot("quarantine", "retry", "--all")
    assert "passes the gate now" in told.out
    assert aside() == {}
    assert len(list((filled / "decisions").iterdir())) == 1


def _set_aside_as_an_older_version_would_have(lake: Path, file_id: str) -> None:
    from bedrot.app import open_lake
    from bedrot.catalog.records import Standing
    from bedrot.zones import journal

    journal.set_aside(
        open_lake(lake),
        Standing(
            file_id=file_id,
            source="distrokid",
            stream="earnings",
            name="fixed.tsv",
            origin="gate",
            status="set_aside",
            code="missing_column",
            reason="a needed column is missing: `Net`",
        ),
    )


def test_retry_wants_a_file_or_all(bedrot: Command, filled: Path) -> None:
    assert "wants a FILE_ID or --all" in bedrot("quarantine", "retry", code=2).err
    assert "nothing is set aside" in bedrot("quarantine", "retry", "--all").out


def test_what_runs_compare_is_judged_anew_by_every_run(bedrot: Command, lacking: str) -> None:
    (told,) = bedrot("quarantine", "retry", lacking, "--json").document
    assert told["outcome"] == "next_run"
