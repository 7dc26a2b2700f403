"""Faults that were injected into an earlier system, by their numbers, and how they end here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bedrot.app import open_lake
from bedrot.errors import BedrotError, LakeNotFoundError
from bedrot.sources.distrokid.synthetic import sign_in_page
from bedrot.testing.lakes import contents, net, publish, standings_of
from bedrot.testing.ledgers import Export, export, line, net_of

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake

JUNE, JULY, AUGUST = "20250601", "20250701", "20250801"
# Not sorted, like the real file: a half holds lines of every day.
LEDGER = [
    line(f"{number}.01234567", on=f"2025-0{2 + number % 3}-20", song=number, country=country)
    for number in range(1, 25)
    for country in ("US", "DE")
]
FULL = export(LEDGER, JUNE)


def _cut(content: bytes, size: int) -> Export:
    return Export(name=f"bank_details_{JULY}_120000.tsv", content=content[:size])


def test_f2_a_cumulative_file_cut_in_half_is_set_aside(lake: Lake) -> None:
    publish(lake, FULL)
    before = contents(lake)
    (told,) = publish(lake, _cut(FULL.content, len(FULL.content) // 2))
    assert (told.outcome, bool(told.reason), bool(told.next_step)) == ("set_aside", True, True)
    assert "set_aside" in standings_of(lake, told.file_id).values()
    assert contents(lake) == before


def test_f2_a_cumulative_file_cut_between_two_records_is_set_aside(lake: Lake) -> None:
    publish(lake, FULL)
    before = contents(lake)
    half = FULL.content.index(b"\r", len(FULL.content) // 2) + 1
    (told,) = publish(lake, _cut(FULL.content, half))
    assert standings_of(lake, told.file_id)["lacks_lines"] == "set_aside"
    assert contents(lake) == before


def test_f2_the_real_file_cut_in_half_is_set_aside(lake: Lake, samples: Path) -> None:
    content = next((samples / "distrokid" / "streams").glob("*.tsv")).read_bytes()
    half = content.index(b"\r", len(content) // 2) + 1
    *_, told = publish(lake, Export(name="full.tsv", content=content), _cut(content, half))
    assert standings_of(lake, told.file_id)["lacks_lines"] == "set_aside"


def test_f3_a_sign_in_page_saved_as_tsv_stops_no_other_file(lake: Lake) -> None:
    page = Export(name=f"bank_details_{JULY}_120000.tsv", content=sign_in_page())
    more = export([*LEDGER, line("7.00000000", on="2025-07-20")], AUGUST)
    told = publish(lake, FULL, page, more)
    assert [one.outcome for one in told] == ["landed", "set_aside", "landed"]
    assert "sign-in" in told[1].reason
    assert told[1].next_step
    assert net(lake) == net_of(LEDGER) + 7


def test_f5_an_old_export_landed_again_changes_nothing(lake: Lake) -> None:
    changed = [line("99.00000000", on="2025-02-20", song=9), *LEDGER[1:]]
    publish(lake, FULL, export([*LEDGER, changed[0]], JULY))
    before = contents(lake)
    (told,) = publish(lake, FULL)
    assert told.outcome == "known"
    publish(lake, Export(name=f"copy of {FULL.name}", content=FULL.content))
    assert contents(lake) == before


def test_f5_an_old_export_landed_after_a_restatement_takes_nothing_back(lake: Lake) -> None:
    restated = [line("50.00000000", on="2025-03-20", song=1), *LEDGER[2:]]
    older = export([line("40.00000000", on="2025-03-20", song=1), *LEDGER[2:]], JUNE)
    publish(lake, export(restated, JULY))
    publish(lake, older)
    assert net(lake) == net_of(restated)


def test_f10_a_missing_setting_is_named_in_one_clear_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LakeNotFoundError) as caught:
        open_lake(None)
    assert "no lake" in str(caught.value)
    assert "BEDROT_LAKE" in (caught.value.next_step or "")


@pytest.mark.parametrize(
    ("name", "value"),
    [("BEDROT_THREADS", "many"), ("BEDROT_MEMORY_LIMIT", "lots"), ("BEDROT_LOG_LEVEL", "loud")],
)
def test_f10_a_wrong_setting_is_named_with_its_value_and_how_to_set_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BedrotError) as caught:
        open_lake(tmp_path)
    assert name in str(caught.value)
    assert value in str(caught.value)
    assert name in (caught.value.next_step or "")


def test_f12_the_package_is_found_wherever_it_is_called(tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME"}}
    code = "from bedrot.pipeline.running import all_streams; print(all_streams()[0].contract.table)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "stg_distrokid__earnings"
