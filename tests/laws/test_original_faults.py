"""Faults that were injected into an earlier system, by their numbers, and how they end here.

`five_sources/faults.py` has the table of faults and sources.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from five_sources.exports import GOOD
from five_sources.faults import (
    BE_RIGHT_BACK,
    FAULTS,
    NULLS,
    ODD,
    SIGN_IN_PAGES,
    SOURCES,
    Bad,
    bad_files,
    handed,
)
from five_sources.handing import Whole, hand_over, laid_out

from bedrot.app import open_lake
from bedrot.catalog import index
from bedrot.errors import BedrotError, LakeNotFoundError, SettingsError
from bedrot.pipeline.bringing import Imported, Stated
from bedrot.pipeline.importing import import_paths
from bedrot.sources import all_sources
from bedrot.testing.lakes import (
    NOW,
    contents,
    net,
    publish,
    rows_of,
    run_lake,
    standings_of,
    throwaway_lake,
    versions,
)
from bedrot.testing.ledgers import Export, export, line, net_of
from bedrot.zones.lake import CONFIG_KEY

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake

ALL_FILES = {**GOOD, **ODD, **handed(bad_files())}


@dataclass(frozen=True, kw_only=True)
class Faulty:
    """A lake into which every fault came among all that is good; what became of each file."""

    lake: Lake
    outcomes: Mapping[str, Imported]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faulty]:
    with throwaway_lake(tmp_path_factory.mktemp("faults") / "lake") as lake:
        outcomes = hand_over(lake, ALL_FILES)
        run_lake(lake)
        yield Faulty(lake=lake, outcomes=outcomes)


def test_every_fault_is_tried_on_every_source_or_it_is_said_why_not() -> None:
    assert list(FAULTS) == [f"F{number}" for number in range(1, 13)]
    for cells in FAULTS.values():
        assert set(cells) == {source.name for source in all_sources()}
        assert all(cells.values())


@pytest.mark.parametrize("bad", [pytest.param(b, id=b.path) for b in bad_files()])
def test_a_bad_file_is_set_aside_with_its_reason_and_the_next_step(
    faulty: Faulty, bad: Bad
) -> None:
    source = bad.path.partition("/")[0]
    file_id = faulty.outcomes[bad.path].file_id
    (found,) = [
        one
        for one in index.standings(faulty.lake.catalog, status="set_aside")
        if (one.source, one.file_id, one.code) == (source, file_id, bad.code)
    ]
    assert bad.says in found.reason
    assert found.next_step


def test_no_bad_file_and_no_time_of_a_file_changes_a_table(faulty: Faulty, whole: Whole) -> None:
    assert contents(faulty.lake) == whole.contents


def test_no_bad_file_keeps_another_from_being_handled(faulty: Faulty) -> None:
    holders = {name for name, one in faulty.outcomes.items() if one.outcome == "refused"}
    assert {faulty.outcomes[name].source for name in holders} == {"linktree"}
    landed = {
        name.partition(" > ")[0] for name, one in faulty.outcomes.items() if one.rows is not None
    }
    assert landed >= GOOD.keys() - holders


def test_f2_the_real_file_cut_in_half_is_set_aside(lake: Lake, samples: Path) -> None:
    content = next((samples / "distrokid" / "streams").glob("*.tsv")).read_bytes()
    half = content.index(b"\r", len(content) // 2) + 1
    cut = Export(name="bank_details_20250701_120000.tsv", content=content[:half])
    *_, told = publish(lake, Export(name="full.tsv", content=content), cut)
    assert standings_of(lake, told.file_id)["lacks_lines"] == "set_aside"


def test_f4_f5_touched_files_that_land_again_change_nothing(faulty: Faulty) -> None:
    before = versions(faulty.lake)
    again = hand_over(faulty.lake, dict(reversed(GOOD.items())))
    assert {one.outcome for one in again.values()} == {"known", "refused"}
    assert run_lake(faulty.lake).outcome == "unchanged"
    assert versions(faulty.lake) == before


def test_f5_an_old_export_under_another_name_and_after_a_restatement_takes_nothing_back(
    lake: Lake,
) -> None:
    others = [line("2.00000000", on="2025-04-20"), line("4.00000000", on="2025-05-20")]
    old = export([line("40.00000000", on="2025-03-20"), *others], "20250601")
    restated = [line("50.00000000", on="2025-03-20"), *others]
    publish(lake, export(restated, "20250701"))
    publish(lake, old)
    before = contents(lake)
    publish(lake, Export(name=f"copy of {old.name}", content=old.content))
    assert net(lake) == net_of(restated)
    assert contents(lake) == before


@pytest.mark.parametrize("source", NULLS)
def test_f6_a_null_stays_null(faulty: Faulty, source: str) -> None:
    assert [list(row.values()) for row in rows_of(faulty.lake, NULLS[source])] == [[None]]


@pytest.mark.parametrize("source", SOURCES)
def test_f8_a_platforms_own_page_is_set_aside_wherever_it_lies(
    faulty: Faulty, tmp_path: Path, source: str
) -> None:
    page = laid_out({"data.json": SIGN_IN_PAGES[source]}, tmp_path)
    (told,) = import_paths(faulty.lake, [page], stated=Stated(), now=lambda: NOW, dry_run=True)
    assert (told.outcome, told.source, bool(told.next_step)) == ("set_aside", source, True)


def test_f8_a_page_that_could_be_anybodys_is_refused_with_what_to_do(
    faulty: Faulty, tmp_path: Path
) -> None:
    page = laid_out({"data.json": BE_RIGHT_BACK}, tmp_path)
    (told,) = import_paths(faulty.lake, [page], stated=Stated(), now=lambda: NOW, dry_run=True)
    assert (told.outcome, bool(told.next_step)) == ("refused", True)


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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("format = 1\n[accounts]\n", "names no default account"),
        (
            'format = 1\n[accounts]\ndefault = "main"\n[accounts.main]\ntime_zone = "Mars"\n',
            "`Mars`",
        ),
        ('format = 1\n[accounts]\ndefault = "main"\nlabel = "ours"\n', "`accounts.label`"),
        ("format = 1\n[accounts\n", "cannot be read"),
    ],
)
def test_f10_what_lake_toml_lacks_is_said_in_one_clear_sentence(
    tmp_path: Path, text: str, said: str
) -> None:
    with throwaway_lake(tmp_path / "lake"):
        (tmp_path / "lake" / CONFIG_KEY).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        open_lake(tmp_path / "lake")
    assert f"`{CONFIG_KEY}`" in str(caught.value)
    assert said in str(caught.value)
    assert caught.value.next_step


def test_f11_the_same_bytes_a_year_later_are_of_the_year_later(faulty: Faulty) -> None:
    sql = "select account_id, min(day_date) as first from stg_tiktok__overview group by all"
    told = {row["account_id"]: row["first"] for row in rows_of(faulty.lake, sql)}
    assert told == {"some.body": date(2025, 5, 1), "any.one": date(2026, 5, 1)}


def test_f12_all_sources_are_found_wherever_it_is_called(tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME"}}
    code = "from bedrot.sources import all_sources; print(*(s.name for s in all_sources()))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(done.stdout.split()) == set(SOURCES)
