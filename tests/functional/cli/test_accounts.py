"""Accounts and artists as people name them: listed, added, and said aloud where unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bedrot.sources.tiktok.synthetic import archive, archive_name, daily

Command = Callable[..., Any]
Export = Callable[..., Path]

FIRST, LAST = date(2025, 3, 1), date(2025, 3, 4)
PACKED = datetime(2025, 3, 6, 11, 38, 14, tzinfo=UTC)
OVERVIEW = daily("overview", {FIRST + timedelta(days=n): (100 + n, 5, 4, 3, 2) for n in range(4)})


def pack(folder: Path, account: str) -> Path:
    """A zip with an overview, as TikTok names and packs it."""
    path = folder / archive_name(FIRST, LAST, account)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(archive({"Overview.csv": OVERVIEW}, PACKED))
    return path


def placed(export: Export, folder: Path) -> Path:
    """A distributor's export in a folder."""
    path = folder / "bank_20250301_120000.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(export().read_bytes())
    return path


def by_name(told: Any) -> dict[tuple[str | None, str], Any]:
    return {(one["source"], one["account_id"]): one for one in told["accounts"]}


def test_a_new_lake_has_its_default_account_and_a_file_to_edit(bedrot: Command, lake: Path) -> None:
    bedrot("init")
    told = bedrot("accounts", "--json").document
    assert list(by_name(told)) == [(None, "main")]
    assert Path(told["file"]) == lake.resolve() / "aliases.toml"
    assert Path(told["file"]).read_text(encoding="utf-8").startswith("# Names of this lake")


def test_accounts_lists_what_was_captured_and_how_far_it_reaches(
    bedrot: Command, filled: Path, tmp_path: Path
) -> None:
    bedrot("import", pack(tmp_path, "salt.tide"))
    told = by_name(bedrot("accounts", "--json").document)
    tiktok = told["tiktok", "salt.tide"]
    assert (tiktok["is_known"], tiktok["called"], tiktok["files"]) == (False, ["salt.tide"], 1)
    assert (tiktok["first_day"], tiktok["last_day"]) == ("2025-03-01", "2025-03-04")
    assert tiktok["last_as_of"] == "2025-03-06T11:38:14Z"
    assert told["distrokid", "main"]["is_known"]
    assert "salt.tide" in bedrot("accounts").out


def test_adding_an_account_keeps_every_byte_of_the_file(bedrot: Command, lake: Path) -> None:
    bedrot("init")
    file = lake / "aliases.toml"
    before = file.read_bytes() + b"# mine, without an end"
    file.write_bytes(before)
    told = bedrot("accounts", "add", "salt", "--spelling", "salt.tide", "--source", "tiktok")
    assert str(file.resolve()) in told.out
    assert file.read_bytes().startswith(before)
    added = by_name(bedrot("accounts", "--json").document)["tiktok", "salt"]
    assert added["is_known"]


def test_a_lake_without_the_file_gets_one_with_its_first_account(
    bedrot: Command, lake: Path
) -> None:
    bedrot("init")
    (lake / "aliases.toml").unlink()
    told = bedrot("accounts", "add", "salt", "--time-zone", "Asia/Tokyo", "--json").document
    assert (told["account"]["name"], told["account"]["time_zone"]) == ("salt", "Asia/Tokyo")
    zones = {key[1]: one["time_zone"] for key, one in by_name(bedrot("accounts", "--json").document).items()}  # fmt: skip
    assert zones == {"main": "UTC", "salt": "Asia/Tokyo"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["SALT"], "names the account `salt` already"),
        (["other", "--spelling", "Salt"], "names the account `salt` already"),
        (["other", "--artist", "Nobody"], "is about `Nobody`"),
        (["other", "--source", "tiktk"], "no source `tiktk`"),
        (["other", "--time-zone", "Mars"], "unknown time zone `Mars`"),
        (["main", "--time-zone", "Asia/Tokyo"], "one time zone in `lake.toml`"),
        ([" "], "no name for an account"),
    ],
)
def test_what_would_not_be_in_order_is_not_written(
    bedrot: Command, lake: Path, arguments: list[str], said: str
) -> None:
    bedrot("init")
    bedrot("accounts", "add", "salt")
    before = (lake / "aliases.toml").read_bytes()
    told = bedrot("accounts", "add", *arguments, code=2)
    assert said in told.err
    assert "next: " in told.err
    assert (lake / "aliases.toml").read_bytes() == before


def test_a_broken_alias_file_stops_a_run_and_says_where(bedrot: Command, filled: Path) -> None:
    (filled / "aliases.toml").write_text("format = 1\n[[artist]\n", encoding="utf-8")
    told = bedrot("run", code=2)
    assert "`aliases.toml` cannot be read" in told.err


def test_an_alias_file_in_another_encoding_is_refused(bedrot: Command, filled: Path) -> None:
    (filled / "aliases.toml").write_bytes("format = 1 # Zo\u00e9\n".encode("latin-1"))
    assert "not written in UTF-8" in bedrot("status", code=2).err


def test_status_lists_unknown_artists_until_the_file_knows_them(
    bedrot: Command, filled: Path
) -> None:
    told = bedrot("status", "--json").document["unknown_artists"]
    assert told == [
        {
            "source": "distrokid",
            "artist_name": "Paper Lantern",
            "lines": 4,
            "first_sale_month": "2024-11",
            "last_sale_month": "2024-12",
        }
    ]
    said = bedrot("status").out
    assert '[[artist]]\n    name = "Paper Lantern"' in said
    (filled / "aliases.toml").write_text(
        'format = 1\n[[artist]]\nname = "Paper Lantern"\n', encoding="utf-8"
    )
    assert bedrot("status", "--json").document["unknown_artists"] == []


def test_status_lists_unknown_accounts_until_they_are_named(
    bedrot: Command, lake: Path, tmp_path: Path
) -> None:
    bedrot("import", pack(tmp_path, "salt.tide"))
    (told,) = bedrot("status", "--json").document["unknown_accounts"]
    assert (told["source"], told["account_id"], told["files"]) == ("tiktok", "salt.tide", 1)
    assert '`bedrot accounts add "salt.tide"`' in bedrot("status").out
    added = bedrot("accounts", "add", "salt", "--spelling", "Salt.Tide")
    assert "next: `bedrot run`" in added.out
    assert bedrot("status", "--json").document["unknown_accounts"] == []


def test_two_spellings_become_one_account_with_the_next_run(
    bedrot: Command, lake: Path, tmp_path: Path
) -> None:
    for number, account in enumerate(("salt.tide", "salttide")):
        bedrot("import", pack(tmp_path / str(number), account))
    bedrot("run")
    days = "select account_id, count(*) as days from stg_tiktok__overview group by 1 order by 1"
    assert len(bedrot("sql", days, "--format", "csv").out.splitlines()) == 3
    bedrot("accounts", "add", "salt", "--spelling", "salt.tide", "--spelling", "salttide")
    bedrot("run")
    assert bedrot("sql", days, "--format", "csv").out.splitlines() == ["account_id,days", "salt,4"]


def test_lineage_of_a_name_ends_in_the_configuration(bedrot: Command, lake: Path) -> None:
    told = bedrot("lineage", "dim_artist_spelling.artist").out
    assert "artists in aliases.toml" in told


@pytest.mark.parametrize("named", ["", "Inbox", "Inbox/DistroKid", "Inbox/DistroKid/salt/2025"])
def test_a_named_inbox_folder_says_the_account(
    bedrot: Command, lake: Path, tmp_path: Path, export: Export, named: str
) -> None:
    placed(export, tmp_path / "given" / "Inbox" / "DistroKid" / "salt" / "2025")
    (told,) = bedrot("import", tmp_path / "given" / named, "--json").document["files"]
    assert (told["account_id"], told["warnings"]) == ("salt", [])


def test_who_is_stated_outranks_the_folder(
    bedrot: Command, lake: Path, tmp_path: Path, export: Export
) -> None:
    path = placed(export, tmp_path / "inbox" / "distrokid" / "salt")
    (told,) = bedrot("import", path, "--account", "other", "--json").document["files"]
    assert told["account_id"] == "other"


@pytest.mark.parametrize("folder", ["distrokid/salt", "inbox/salt", "inbox/exports/salt"])
def test_folders_of_other_names_say_nothing(
    bedrot: Command, lake: Path, tmp_path: Path, export: Export, folder: str
) -> None:
    path = placed(export, tmp_path / folder)
    (told,) = bedrot("import", path, "--json").document["files"]
    assert (told["account_id"], told["warnings"]) == ("main", [])


def test_a_file_in_another_source_s_inbox_is_said_aloud(
    bedrot: Command, lake: Path, tmp_path: Path, export: Export
) -> None:
    path = placed(export, tmp_path / "inbox" / "tiktok" / "salt")
    (told,) = bedrot("import", path, "--json").document["files"]
    assert told["account_id"] == "main"
    assert "it lies in the inbox of tiktok and is of distrokid" in told["warnings"][0]


def test_an_archive_s_name_counts_and_a_folder_that_disagrees_is_said_aloud(
    bedrot: Command, lake: Path, tmp_path: Path
) -> None:
    path = pack(tmp_path / "inbox" / "tiktok" / "salttide", "salt.tide")
    (told,) = bedrot("import", path, "--json").document["files"]
    assert told["account_id"] == "salt.tide"
    assert any("`salt.tide` and its folder `salttide`" in one for one in told["warnings"])


def test_a_folder_and_an_archive_that_mean_one_account_do_not_disagree(
    bedrot: Command, lake: Path, tmp_path: Path
) -> None:
    bedrot("init")
    bedrot("accounts", "add", "salttide", "--spelling", "salt.tide")
    path = pack(tmp_path / "inbox" / "tiktok" / "SaltTide", "salt.tide")
    (told,) = bedrot("import", path, "--json").document["files"]
    assert not any("folder" in one for one in told["warnings"])


def test_import_says_whose_account_a_spelling_is(
    bedrot: Command, lake: Path, export: Export
) -> None:
    bedrot("init")
    bedrot("accounts", "add", "salt", "--spelling", "s")
    told = bedrot("import", export(), "--account", "S").out
    assert "account `S`, as stated: it is `salt`" in told
