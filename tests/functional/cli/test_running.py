from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Command = Callable[..., Any]
Export = Callable[..., Path]


def test_a_run_publishes_a_lake_release(bedrot: Command, export: Export) -> None:
    bedrot("import", export())
    told = bedrot("run")
    assert "lake release 1 is published" in told.out
    assert "fct_royalty_line" in told.out


def test_a_second_run_changes_nothing_and_says_so(
    bedrot: Command, filled: Path, files_of: Callable[[Path], dict[str, bytes]]
) -> None:
    before = files_of(filled)
    told = bedrot("run")
    assert "nothing changed: lake release 1 stands" in told.out
    new = [name for name in files_of(filled) if name not in before]
    assert [name.partition("/")[0] for name in new] == ["runs"]


def test_run_as_json_is_the_runs_record(bedrot: Command, export: Export) -> None:
    bedrot("import", export())
    told = bedrot("run", "--json").document
    assert (told["command"], told["outcome"], told["release"]) == ("run", "published", 1)


def test_a_rebuild_gives_equal_tables(bedrot: Command, filled: Path) -> None:
    before = bedrot("tables", "--hashes", "--json").document
    told = bedrot("rebuild", "--json").document
    assert (told["command"], told["outcome"]) == ("rebuild", "unchanged")
    assert bedrot("tables", "--hashes", "--json").document == before


def test_a_deleted_catalogue_is_read_from_the_files_again(bedrot: Command, filled: Path) -> None:
    before = bedrot("runs", "--json").document
    for path in filled.glob("catalogue.db*"):
        path.unlink()
    told = bedrot("rebuild", "--catalogue", "--json").document
    assert told["catalogue"] == {
        "captures": 1,
        "decisions": 0,
        "runs": 1,
        "releases": 1,
        "standings": 0,
    }
    assert bedrot("runs", "--json").document == before


def test_init_makes_a_lake_once(bedrot: Command, lake: Path) -> None:
    assert bedrot("init", "--json").document["is_made"] is True
    assert bedrot("init", "--json").document["is_made"] is False
    assert (lake / "lake.toml").is_file()


def test_init_leaves_a_folder_alone_that_holds_something_else(bedrot: Command, lake: Path) -> None:
    lake.mkdir()
    (lake / "diary.txt").write_text("mine")
    told = bedrot("init", code=2)
    assert "is not a lake, and is not empty" in told.err
    assert [path.name for path in lake.iterdir()] == ["diary.txt"]
