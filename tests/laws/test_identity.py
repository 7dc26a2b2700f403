"""Law 1 over names: what aliases.toml says now counts, as if it had said so from the start."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bedrot.catalog import index
from bedrot.pipeline.planning import plan
from bedrot.testing.lakes import (
    contents,
    decide,
    net,
    publish,
    rebuild_lake,
    restatements,
    rows_of,
    run_lake,
    throwaway_lake,
    versions,
)
from bedrot.testing.ledgers import Export, export, line
from bedrot.testing.pages import SPOTIFY, THEIRS, days, page
from bedrot.zones.aliases import ALIASES_KEY

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake

Copy = Callable[[Path], Path]

NAMES = """\
format = 1
[[artist]]
name = "Ada L"
spellings = ["Ada", "ada.l"]
[[account]]
name = "label"
spellings = ["first", "second"]
artist = "ADA"
time_zone = "America/Los_Angeles"
"""
LINES = [line("1.00000000"), line("4.00000000", on="2025-04-20", artist="ada.l", song=2)]
FILES = [
    export(LINES, "20250601", account_id="first"),
    export([line("2.00000000"), *LINES[1:]], "20250701", account_id="second"),
    # The same bytes under another spelling.
    export(LINES, "20250601", account_id="second"),
    export([line("8.00000000", artist="Bob", song=3)], "20250702", account_id="other"),
    page(SPOTIFY, days("2025-05-01", *range(100, 110)), "20250512", account_id="first"),
    page(SPOTIFY, days("2025-05-01", *range(100, 113)), "20250514", account_id="SECOND"),
    # Set aside where both are one account: another holder's.
    page(SPOTIFY, days("2025-05-01", 7, 8), "20250513", holder=THEIRS, account_id="second"),
]
NO_NAMES = "format = 1\n"


def named(folder: Path, text: str) -> None:
    (folder / ALIASES_KEY).write_text(text, encoding="utf-8")


def made(folder: Path, names: str, files: Sequence[Export]) -> Path:
    """A lake that knew these names before the first file came."""
    with throwaway_lake(folder):
        named(folder, names)
    with throwaway_lake(folder) as lake:
        publish(lake, *files)
    return folder


def run_with(folder: Path, names: str) -> Mapping[str, str]:
    """The contents of a lake after its names were changed to these."""
    named(folder, names)
    with throwaway_lake(folder) as lake:
        run_lake(lake)
        return contents(lake)


@pytest.fixture(scope="module")
def unnamed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("unnamed") / "lake", NO_NAMES, FILES)


@pytest.fixture(scope="module")
def with_names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("named") / "lake", NAMES, FILES)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A copy of a lake, to be changed."""
    return lambda folder: Path(shutil.copytree(folder, tmp_path / "copy"))


def read(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with throwaway_lake(folder) as lake:
        return [tuple(row.values()) for row in rows_of(lake, sql)]


def test_names_that_are_given_later_count_as_if_given_at_first(
    unnamed: Path, with_names: Path, copy: Copy
) -> None:
    folder = copy(unnamed)
    assert read(folder, "select sum(net_usd) from fct_royalty_line") == [(19,)]
    told = run_with(folder, NAMES)
    assert read(folder, "select sum(net_usd) from fct_royalty_line") == [(14,)]
    with throwaway_lake(with_names) as lake:
        assert told == contents(lake)


def test_names_that_are_taken_back_leave_nothing_behind(
    unnamed: Path, with_names: Path, copy: Copy
) -> None:
    told = run_with(copy(with_names), NO_NAMES)
    with throwaway_lake(unnamed) as lake:
        assert told == contents(lake)


def test_a_file_that_changes_no_name_writes_nothing(with_names: Path, copy: Copy) -> None:
    folder = copy(with_names)
    artist, account = NAMES.removeprefix(NO_NAMES).split("[[account]]")
    reordered = artist.replace('["Ada", "ada.l"]', '["ada.l", "Ada"]')
    named(folder, f"# mine\nformat = 1\n[[account]]{account}{reordered}")
    with throwaway_lake(folder) as lake:
        before = versions(lake)
        assert plan(lake).is_nothing
        assert run_lake(lake).outcome == "unchanged"
        assert versions(lake) == before


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_two_spellings_of_one_account_are_one_account_in_any_order(
    tmp_path: Path, order: Sequence[int]
) -> None:
    told = [
        export(LINES, "20250601", account_id="first"),
        export([line("2.00000000"), *LINES[1:]], "20250701", account_id="second"),
        export(LINES, "20250801", account_id="label"),
    ]
    folder = made(tmp_path / "lake", NAMES, [told[number] for number in order])
    with throwaway_lake(folder) as lake:
        assert net(lake) == 5
        assert restatements(lake) == [(1, 2, False), (2, 1, False)]
    assert read(folder, "select distinct account_id from fct_royalty_line") == [("label",)]


def test_a_withdrawal_follows_its_file_to_another_account(tmp_path: Path) -> None:
    """The line that goes stands in a month of which the withdrawing file holds nothing."""
    kept = [line("1.00000000", on="2025-03-20"), line("2.00000000", on="2025-05-20")]
    gone = line("4.00000000", on="2025-04-20", sold="2025-02")
    files = [
        export([*kept, gone], "20250601", account_id="first"),
        export(kept, "20250701", account_id="second"),
    ]
    folder = tmp_path / "lake"
    with throwaway_lake(folder) as lake:
        short = publish(lake, *files)[1].file_id
        decide(lake, "withdraw", short, "lacks_lines")
        run_lake(lake)
        assert net(lake) == 10
    run_with(folder, 'format = 1\n[[account]]\nname = "first"\nspellings = ["second"]\n')
    assert read(folder, "select sum(net_usd) from fct_royalty_line") == [(3,)]
    with throwaway_lake(folder) as lake:
        assert rebuild_lake(lake).outcome == "unchanged"


def test_a_page_of_another_holder_is_found_across_spellings(
    unnamed: Path, with_names: Path
) -> None:
    """Of two pages of one account that disagree, the older one's holder is the account's."""
    told = []
    for folder in (unnamed, with_names):
        with throwaway_lake(folder) as lake:
            told.append({s.name for s in index.standings(lake.catalog) if s.code == "other_holder"})
    assert told == [set(), {f"inbox/{FILES[-1].name}"}]


def test_a_plan_says_what_new_names_change(unnamed: Path, copy: Copy) -> None:
    folder = copy(unnamed)
    named(folder, NAMES)
    with throwaway_lake(folder) as lake:
        said = {table.table: table.action for table in plan(lake).tables}
        before = versions(lake)
        run_lake(lake)
        changed = {name for name, version in versions(lake).items() if before[name] != version}
    assert said["cfg_artist_spelling"] == "replace"
    assert said["dim_artist_spelling"] == "make again"
    assert "fct_royalty_line" in changed <= {n for n, action in said.items() if action != "nothing"}


def test_artists_have_one_name_and_what_is_unknown_its_own(with_names: Path) -> None:
    spellings = "select artist_name, artist, is_known, line_count from dim_artist_spelling"
    assert read(with_names, f"{spellings} order by 1") == [
        ("Ada", "Ada L", True, 1),
        ("Bob", "Bob", False, 1),
        ("ada.l", "Ada L", True, 1),
    ]
    artists = "select artist, is_known, spelling_count, line_count from dim_artist order by 1"
    assert read(with_names, artists) == [("Ada L", True, 3, 2), ("Bob", False, 1, 1)]


def test_revenue_is_told_by_the_one_name_of_an_artist(with_names: Path) -> None:
    sql = "select artist_name, artist from rpt_revenue_monthly group by all order by 1"
    known = dict(read(with_names, "select artist_name, artist from dim_artist_spelling"))
    assert any(name != artist for name, artist in known.items())
    assert dict(read(with_names, sql)) == known


def test_accounts_have_one_row_a_source_whoever_called_them_what(with_names: Path) -> None:
    told = read(
        with_names,
        "select source, account_id, artist, is_known, is_captured, spelling_count "
        "from dim_account order by account_id",
    )
    assert told == [
        ("distrokid", "label", "Ada L", True, True, 4),
        (None, "main", None, True, False, 1),
        ("distrokid", "other", None, False, True, 1),
    ]


def test_who_is_named_by_a_file_that_was_set_aside_is_no_account_yet(lake: Lake) -> None:
    cut = Export(name="cut.tsv", content=FILES[0].content[:-9], account_id="ghost")
    publish(lake, cut)
    assert rows_of(lake, "select account_id from dim_account where is_captured") == []
