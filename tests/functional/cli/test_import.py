from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bedrot.sources.distrokid.synthetic import EarningsLine, sign_in_page

Command = Callable[..., Any]
Export = Callable[..., Path]


def test_import_makes_the_lake_and_says_so(bedrot: Command, export: Export, lake: Path) -> None:
    told = bedrot("import", export())
    assert f"made the lake `{lake}`" in told.out
    assert "account `main`, the lake's default" in told.out


def test_each_file_is_named_before_and_after(bedrot: Command, export: Export) -> None:
    path = export()
    lines = bedrot("import", path).out.splitlines()
    place = lines.index(f"{path}: distrokid.earnings")
    assert lines[place + 1].startswith("  landed as ")
    assert "4 line(s), net 3.85 USD, 2025-01-10 to 2025-02-12" in lines[place + 1]
    assert "1 file(s): 1 landed (4 line(s), net 3.85 USD)" in lines


def test_json_is_one_document_and_nothing_else(bedrot: Command, export: Export) -> None:
    told = bedrot("import", export(), "--json").document
    (file,) = told["files"]
    assert (file["recognised_as"], file["outcome"]) == ("distrokid.earnings", "landed")
    assert (file["rows"], file["amount"], file["as_of"]) == (4, "3.85", "2025-03-01T12:00:00Z")
    assert told["summary"]["landed"] == {"files": 1, "rows": 4, "amount": "3.85"}
    assert told["is_made"] is True


def test_the_same_file_again_is_known(bedrot: Command, export: Export) -> None:
    path = export()
    bedrot("import", path)
    (file,) = bedrot("import", path, "--json").document["files"]
    assert file["outcome"] == "known"
    assert file["reason"].startswith("already imported on ")
    assert file["reason"].endswith("0 new lines")


def test_strangers_are_refused_by_kind_and_hash_with_exit_code_3(
    bedrot: Command, tmp_path: Path
) -> None:
    path = tmp_path / "statement.pdf"
    path.write_bytes(b"%PDF-1.7 somebody's name")
    told = bedrot("import", path, code=3)
    assert "refused: not ours: a PDF document" in told.out
    assert "sha256: " in told.out
    assert "somebody" not in told.out


def test_a_sign_in_page_is_set_aside_and_the_others_land(
    bedrot: Command, export: Export, tmp_path: Path
) -> None:
    good = export()
    good.with_name("page.tsv").write_bytes(sign_in_page())
    told = bedrot("import", good.parent, "--json", code=3).document
    assert [f["outcome"] for f in told["files"]] == ["landed", "set_aside"]
    assert (
        told["files"][1]["next_step"]
        == "sign in again, save the export or page anew, and import that"
    )


def test_archives_are_opened(bedrot: Command, export: Export, tmp_path: Path) -> None:
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.write(export(), "inside.tsv")
    told = bedrot("import", archive).out
    assert f"{archive} > inside.tsv: distrokid.earnings" in told


def test_a_dry_run_makes_no_lake(bedrot: Command, export: Export, lake: Path) -> None:
    told = bedrot("import", export(), "--dry-run")
    assert f"there is no lake at `{lake}`; this import would make it" in told.out
    assert "would be landed" in told.out
    assert not lake.exists()


def test_a_dry_run_writes_nothing_into_a_lake(
    bedrot: Command,
    export: Export,
    filled: Path,
    line: EarningsLine,
    files_of: Callable[[Path], dict[str, bytes]],
) -> None:
    before = files_of(filled)
    bedrot("import", export([replace(line, quantity=99)], "other.tsv"), "--dry-run")
    assert files_of(filled) == before


def test_a_stated_account_and_time_are_kept(bedrot: Command, export: Export) -> None:
    path = export(name="earnings.tsv")
    told = bedrot("import", path, "--account", "second", "--as-of", "2025-04-01", "--json")
    (file,) = told.document["files"]
    assert (file["account_id"], file["as_of"]) == ("second", "2025-04-01T00:00:00Z")
    assert file["as_of_from"] == "stated"


def test_an_account_that_no_configuration_names_is_said(bedrot: Command, export: Export) -> None:
    told = bedrot("import", export(), "--account", "second")
    assert "account `second`, as stated; aliases.toml does not name it" in told.out


def test_a_path_that_does_not_exist_stops_before_anything_is_done(
    bedrot: Command, export: Export, lake: Path, tmp_path: Path
) -> None:
    told = bedrot("import", export(), tmp_path / "nowhere.tsv", code=2)
    assert told.err.startswith("error: `")
    assert "does not exist" in told.err
    assert not lake.exists()


def test_the_lake_does_not_import_itself(bedrot: Command, filled: Path) -> None:
    told = bedrot("import", filled.parent, code=2)
    assert "the lake itself lies at" in told.err


def test_a_time_in_the_future_is_refused(bedrot: Command, export: Export) -> None:
    assert "lies in the future" in bedrot("import", export(), "--as-of", "2999-01-01", code=2).err


def test_an_unknown_source_is_refused_with_those_there_are(bedrot: Command, export: Export) -> None:
    told = bedrot("import", export(), "--source", "spotfy", code=2)
    assert "there is no source `spotfy`" in told.err
    assert "distrokid" in told.err


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ("2025-03-04..2025-03-01", "ends before it begins"),
        ("2025-03-01", "is not a window of days"),
        ("March", "is not a window of days"),
        ("2999-03-01..2999-03-04", "ends in the future"),
    ],
)
def test_a_window_that_is_none_is_refused(
    bedrot: Command, export: Export, window: str, said: str
) -> None:
    assert said in bedrot("import", export(), "--window", window, code=2).err
