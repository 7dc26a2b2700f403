"""Whether what is stored is what the lake says of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def change(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content
    path.chmod(0o644)
    path.write_bytes(content.replace(old, new, 1))


def test_a_sound_lake_is_told_so(bedrot: Command, filled: Path) -> None:
    told = bedrot("verify", "--json").document
    assert told["is_sound"]
    assert (told["captures"], told["landed_payloads"], told["raw_payloads"]) == (1, 1, 1)
    assert {name: table["rows"] for name, table in told["tables"].items() if table["rows"]} == {
        "stg_distrokid__earnings": 4,
        "fct_royalty_line": 4,
        "rpt_revenue_monthly": 3,
        "dim_store": 2,
        "rpt_feed_agreement": 2,
        "cfg_account_spelling": 1,
        "dim_account": 1,
        "dim_artist": 1,
        "dim_artist_spelling": 1,
    }
    assert set(told["tables"]) > {"stg_distrokid__earnings_restatements", "fct_streams_daily"}
    assert "stg_distrokid__spotify_daily" not in told["tables"]  # no page was captured
    assert "all is what the lake says of it" in bedrot("verify").out


def test_a_rebuild_has_the_same_content_hashes(bedrot: Command, filled: Path) -> None:
    before = bedrot("verify", "--json").document["tables"]
    bedrot("rebuild")
    assert bedrot("verify", "--json").document["tables"] == before


def test_a_lake_without_tables_is_sound(bedrot: Command) -> None:
    bedrot("init")
    told = bedrot("verify", "--json").document
    assert (told["is_sound"], told["release"], told["tables"]) == (True, None, {})


@pytest.mark.parametrize("zone", ["raw", "landing"])
def test_changed_bytes_are_found(bedrot: Command, filled: Path, zone: str) -> None:
    payload = next(p for p in (filled / zone).rglob("*") if p.is_file() and p.suffix != ".json")
    change(payload, b"0.12345678", b"9.12345678")
    told = bedrot("verify", "--json", code=5)
    assert not told.document["is_sound"]
    assert any("sha256" in found["problem"] for found in told.document["mismatches"])
    assert "restore landing and raw" in told.err


def test_a_changed_capture_record_is_found(bedrot: Command, filled: Path) -> None:
    record = only(filled, "landing/*/*/*/*.capture.json")
    change(record, b'"account_id": "main"', b'"account_id": "mine"')
    (found,) = bedrot("verify", "--json", code=5).document["mismatches"]
    assert found["problem"] == "the record's content does not give its name: it was changed"


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"landed_at": 3}'])
def test_a_record_that_cannot_be_read_is_found(bedrot: Command, filled: Path, content: str) -> None:
    record = only(filled, "landing/*/*/*/*.capture.json")
    record.write_text(content)
    assert "cannot be read" in bedrot("verify", code=5).out


def test_a_lost_payload_is_found(bedrot: Command, filled: Path) -> None:
    only(filled, "landing/*/*/*/payload").unlink()
    assert "its payload is gone" in bedrot("verify", code=5).out


def test_rows_of_a_file_that_raw_lost_are_found(bedrot: Command, filled: Path) -> None:
    only(filled, "raw/*/*/*").unlink()
    told = bedrot("verify", "--json", code=5).document
    subjects = {found["subject"] for found in told["mismatches"]}
    assert subjects == {"stg_distrokid__earnings", "fct_royalty_line"}


def test_a_raw_file_without_capture_is_found(bedrot: Command, filled: Path) -> None:
    only(filled, "landing/*/*/*/*.capture.json").unlink()
    assert "no capture record speaks of it" in bedrot("verify", code=5).out


@pytest.mark.parametrize("table", ["staging/stg_distrokid__earnings", "curated/dim_store"])
def test_lost_and_shortened_table_files_are_found(
    bedrot: Command, filled: Path, table: str
) -> None:
    file = next((filled / table).rglob("part-*.parquet"))
    file.chmod(0o644)
    content = file.read_bytes()
    file.write_bytes(content[:-20])
    assert "has not the" in bedrot("verify", code=5).out
    file.unlink()
    told = bedrot("verify", "--json", code=5).document
    name = table.rpartition("/")[2]
    assert told["tables"][name]["content_hash"] is None
    assert any("is gone" in found["problem"] for found in told["mismatches"])


def test_a_table_file_of_other_bytes_is_found(bedrot: Command, filled: Path) -> None:
    file = next((filled / "curated/dim_store").rglob("part-*.parquet"))
    file.write_bytes(bytes(file.stat().st_size))
    assert "has not the bytes that were written" in bedrot("verify", code=5).out


def test_rows_that_the_release_does_not_count_are_found(bedrot: Command, filled: Path) -> None:
    release = only(filled, "releases/*.json")
    told = json.loads(release.read_text())
    told["tables"]["dim_store"]["rows"] = 7
    release.write_text(json.dumps(told))
    assert "it holds 2 rows, its lake release says 7" in bedrot("verify", code=5).out


@pytest.mark.parametrize("zone", ["runs", "releases"])
def test_a_broken_record_of_the_lake_is_found(bedrot: Command, filled: Path, zone: str) -> None:
    only(filled, f"{zone}/*.json").write_text("{")
    assert "cannot be read" in bedrot("verify", code=5).out


def test_bytes_that_a_killed_import_left_are_no_fault(bedrot: Command, filled: Path) -> None:
    folder = filled / "landing/distrokid/earnings/0123456789abcdef"
    folder.mkdir()
    (folder / "payload").write_bytes(b"half an import")
    assert "an import that was killed" in bedrot("verify").out
