"""The same again: known, or another sighting; and nothing at all where nothing was asked for."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bedrot.errors import UnknownNameError, UsageError
from bedrot.pipeline.bringing import Imported
from bedrot.sources.distrokid.synthetic import (
    CURRENT,
    LEGACY,
    EarningsLine,
    sign_in_page,
    write_earnings,
)
from bedrot.testing.lakes import net, run_lake
from bedrot.zones.lake import Lake
from bedrot.zones.landing import capture_keys, read_capture
from bedrot.zones.raw import raw_keys

Bring = Callable[..., dict[str, Imported]]
Zipped = Callable[..., bytes]


@pytest.fixture
def export(line: EarningsLine) -> bytes:
    return write_earnings([line, line], LEGACY)


def _files(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_the_same_file_again_is_known(
    lake: Lake, bring: Bring, given: Path, root: Path, export: bytes
) -> None:
    (given / "a.tsv").write_bytes(export)
    bring(now=datetime(2025, 6, 1, 9, 30, tzinfo=UTC))
    before = _files(root)
    told = bring(now=datetime(2025, 7, 2, tzinfo=UTC))["a.tsv"]
    assert told.outcome == "known"
    assert told.reason == "already imported on 2025-06-01 09:30 UTC, 0 new lines"
    assert (told.rows, told.amount) == (2, Decimal("0.0624"))
    assert _files(root) == before


def test_the_same_bytes_twice_in_one_import(
    lake: Lake, bring: Bring, given: Path, export: bytes
) -> None:
    (given / "a.tsv").write_bytes(export)
    (given / "b.tsv").write_bytes(export)
    told = bring()
    assert [done.outcome for done in told.values()] == ["landed", "known"]
    run_lake(lake)
    assert net(lake) == Decimal("0.0624")


def test_the_same_path_twice_in_one_import(bring: Bring, given: Path, export: bytes) -> None:
    (given / "a.tsv").write_bytes(export)
    said: list[str] = []
    bring(given / "a.tsv", given / "a.tsv", before=lambda shown, _: said.append(shown))
    assert len(said) == 2


def test_the_same_bytes_under_another_stamp_are_another_sighting(
    lake: Lake, bring: Bring, given: Path, export: bytes
) -> None:
    (given / "details_20250527_102936.tsv").write_bytes(export)
    (given / "details_20250529_110000.tsv").write_bytes(export)
    told = bring()
    assert [done.outcome for done in told.values()] == ["landed", "landed"]
    assert [done.as_of for done in told.values()] == [
        datetime(2025, 5, 27, 10, 29, 36, tzinfo=UTC),
        datetime(2025, 5, 29, 11, tzinfo=UTC),
    ]
    assert "another time" in list(told.values())[1].reason
    assert len(list(capture_keys(lake))) == 2
    assert len(list(raw_keys(lake))) == 1
    run_lake(lake)
    assert net(lake) == Decimal("0.0624")


def test_the_same_bytes_of_another_account_are_that_accounts_lines(
    lake: Lake, bring: Bring, given: Path, export: bytes
) -> None:
    (given / "a.tsv").write_bytes(export)
    assert bring(account="one")["a.tsv"].outcome == "landed"
    assert bring(account="two")["a.tsv"].outcome == "landed"
    assert bring(account="two")["a.tsv"].outcome == "known"
    run_lake(lake)
    assert net(lake, "account_id = 'one'") == net(lake, "account_id = 'two'") == Decimal("0.0624")


def test_what_was_set_aside_stays_so_and_is_said_again(
    bring: Bring, given: Path, export: bytes
) -> None:
    (given / "cut.tsv").write_bytes(export[:-30])
    (given / "page.tsv").write_bytes(sign_in_page())
    first, second = bring(), bring()
    assert [told.outcome for told in first.values()] == ["set_aside", "set_aside"]
    for name, told in second.items():
        assert told.outcome in {"known", "set_aside"}, name
        assert first[name].reason in told.reason, name
        assert told.next_step, name


def test_a_set_aside_page_again_leaves_the_lake_as_it_is(
    bring: Bring, given: Path, root: Path
) -> None:
    (given / "page.tsv").write_bytes(sign_in_page())
    bring(now=datetime(2025, 6, 1, tzinfo=UTC))
    landed = {name: told for name, told in _files(root).items() if "catalogue" not in name}
    bring(now=datetime(2025, 6, 2, tzinfo=UTC))
    assert {n: told for n, told in _files(root).items() if "catalogue" not in n} == landed


def test_a_renamed_file_is_known(bring: Bring, given: Path, export: bytes) -> None:
    (given / "a.tsv").write_bytes(export)
    bring()
    (given / "a.tsv").rename(given / "z.tsv")
    assert bring()["z.tsv"].outcome == "known"


def test_a_changed_file_under_the_same_name_lands(
    bring: Bring, given: Path, line: EarningsLine, export: bytes
) -> None:
    (given / "a.tsv").write_bytes(export)
    bring()
    (given / "a.tsv").write_bytes(write_earnings([line, line, replace(line, country="NA")], LEGACY))
    assert bring()["a.tsv"].outcome == "landed"


@pytest.fixture
def a_bit_of_everything(given: Path, zipped: Zipped, line: EarningsLine, export: bytes) -> None:
    (given / "1.tsv").write_bytes(export)
    (given / "2.tsv").write_bytes(export)
    (given / "3_cut.tsv").write_bytes(export[:-1])
    (given / "4.pdf").write_bytes(b"%PDF-1.7")
    (given / "5.tsv").write_bytes(sign_in_page())
    (given / "6.zip").write_bytes(zipped({"x.csv": write_earnings([line], CURRENT)}))
    (given / "7.tsv").write_bytes(export.replace(b"ZZBDR2500001", b"1.2E+11"))


def test_a_dry_run_writes_nothing(
    bring: Bring, given: Path, root: Path, a_bit_of_everything: None
) -> None:
    before = _files(root)
    told = bring(dry_run=True)
    assert len(told) == 7
    assert _files(root) == before


def test_a_dry_run_says_what_an_import_then_does(bring: Bring, a_bit_of_everything: None) -> None:
    foretold = {
        name: (told.outcome, told.rows, told.reason) for name, told in bring(dry_run=True).items()
    }
    done = {name: (told.outcome, told.rows, told.reason) for name, told in bring().items()}
    assert foretold == done


def test_a_dry_run_over_known_files_says_known(bring: Bring, given: Path, export: bytes) -> None:
    (given / "a.tsv").write_bytes(export)
    bring()
    assert bring(dry_run=True)["a.tsv"].outcome == "known"


def test_an_unknown_source_is_refused_by_name(bring: Bring, given: Path, export: bytes) -> None:
    (given / "a.tsv").write_bytes(export)
    with pytest.raises(UnknownNameError, match="`kazoo`") as caught:
        bring(source="kazoo")
    assert "distrokid" in str(caught.value.next_step)


def test_an_unknown_stream_is_refused_by_name(bring: Bring, given: Path, export: bytes) -> None:
    (given / "a.tsv").write_bytes(export)
    with pytest.raises(UnknownNameError, match="earnigns"):
        bring(source="distrokid.earnigns")


def test_a_missing_path_is_refused_before_anything_lands(
    lake: Lake, bring: Bring, given: Path, export: bytes
) -> None:
    (given / "a.tsv").write_bytes(export)
    with pytest.raises(UsageError, match="does not exist"):
        bring(given / "a.tsv", given / "gone.tsv")
    assert list(capture_keys(lake)) == []


def test_no_spool_file_is_left_behind(bring: Bring, root: Path, a_bit_of_everything: None) -> None:
    bring()
    assert [path for path in (root / ".work").rglob("*") if path.is_file()] == []


def test_the_given_files_are_left_as_they_are(
    bring: Bring, given: Path, a_bit_of_everything: None
) -> None:
    before = _files(given)
    bring()
    assert _files(given) == before


def test_the_capture_record_says_what_was_seen(
    lake: Lake, bring: Bring, given: Path, export: bytes
) -> None:
    (given / "a.tsv").write_bytes(export)
    stated = datetime(2025, 6, 1, tzinfo=UTC)
    bring(account="second", as_of=stated)
    [record] = [read_capture(lake, key) for key in capture_keys(lake)]
    assert (record.source, record.stream, record.account_id) == ("distrokid", "earnings", "second")
    assert (record.name, record.size_bytes) == ("given/a.tsv", len(export))
    assert record.sha256 == hashlib.sha256(export).hexdigest()
    assert (record.captured_at, record.as_of_stated) == (None, stated)
