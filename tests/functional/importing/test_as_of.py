"""When a capture's content was true: found out in a fixed order, never the time of import."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bedrot.catalog.records import CaptureRecord
from bedrot.pipeline.bringing import Imported
from bedrot.pipeline.timeline import as_of
from bedrot.sources.distrokid.synthetic import LEGACY, EarningsLine, write_earnings
from bedrot.testing.lakes import NOW, throwaway_lake
from bedrot.zones.lake import CONFIG_KEY, CONFIG_TEXT, Lake

Bring = Callable[..., dict[str, Imported]]
Zipped = Callable[..., bytes]

CAPTURED = datetime(2025, 4, 1, 12, tzinfo=UTC)
STATED = datetime(2025, 4, 2, tzinfo=UTC)
NEWEST = datetime(2025, 3, 31, tzinfo=UTC)
STAMPED = datetime(2025, 5, 27, 10, 29, 36, tzinfo=UTC)


def _seen(
    name: str = "given/a.tsv",
    *,
    captured_at: datetime | None = None,
    stated: datetime | None = None,
    container: str | None = None,
    account: str = "main",
) -> CaptureRecord:
    return CaptureRecord(
        source="distrokid",
        stream="earnings",
        account_id=account,
        sha256="0" * 64,
        size_bytes=1,
        name=name,
        landed_at=NOW,
        container=container,
        captured_at=captured_at,
        as_of_stated=stated,
    )


def test_an_extractors_time_comes_first(lake: Lake) -> None:
    seen = _seen("20250527_102936/a.tsv", captured_at=CAPTURED, stated=STATED)
    assert as_of(lake, seen, NEWEST) == (CAPTURED, "capture")


def test_a_stamp_in_the_name_comes_before_what_is_stated(lake: Lake) -> None:
    moment, found = as_of(lake, _seen("given/a_20250527_102936.tsv", stated=STATED), NEWEST)
    assert (moment, found) == (STAMPED, "name")


@pytest.mark.parametrize(
    ("name", "container"),
    [
        ("20250527_102936/a.tsv", None),
        ("a_20250527_102936.tsv", "given/b_20240101_000000.zip#abc"),
        ("20250527_102936/a.tsv", "given/b_20240101_000000.zip#abc"),
        ("a.tsv", "given/b_20250527_102936.zip#abc"),
        ("a.tsv", "20250527_102936/b.zip#abc"),
    ],
)
def test_a_stamp_is_sought_from_the_inside_out(
    lake: Lake, name: str, container: str | None
) -> None:
    assert as_of(lake, _seen(name, container=container), NEWEST)[0] == STAMPED


def test_an_archives_hash_is_no_stamp(lake: Lake) -> None:
    seen = _seen("a.tsv", container="given/b.zip#2025052710293600")
    assert as_of(lake, seen, NEWEST) == (NEWEST, "newest period")


def test_the_newest_period_is_better_than_nothing(lake: Lake) -> None:
    assert as_of(lake, _seen(), NEWEST)[0] == NEWEST


def test_what_is_stated_is_better_than_nothing(lake: Lake) -> None:
    assert as_of(lake, _seen(stated=STATED), None)[0] == STATED


def test_unknown_is_null_and_never_the_time_of_import(lake: Lake) -> None:
    assert as_of(lake, _seen(), None)[0] is None


def test_a_stamp_is_local_time_of_the_accounts_zone(tmp_path: Path) -> None:
    folder = tmp_path / "zoned"
    folder.mkdir()
    (folder / CONFIG_KEY).write_text(
        CONFIG_TEXT + '\n[accounts.label]\ntime_zone = "America/Los_Angeles"\n'
    )
    with throwaway_lake(folder) as lake:
        name = "given/a_20250527_102936.tsv"
        there, _ = as_of(lake, _seen(name, account="label"), None)
        unconfigured, _ = as_of(lake, _seen(name, account="nobody"), None)
    assert there == datetime(2025, 5, 27, 17, 29, 36, tzinfo=UTC)
    assert unconfigured == STAMPED


def test_a_file_named_alone_keeps_the_stamp_of_its_folder(
    bring: Bring, given: Path, line: EarningsLine
) -> None:
    folder = given / "dump_20250527_102936"
    folder.mkdir()
    (folder / "a.tsv").write_bytes(write_earnings([line], LEGACY))
    [told] = bring(folder / "a.tsv").values()
    assert (told.as_of, told.as_of_from) == (STAMPED, "name")


def test_the_stamp_of_an_archive_counts_for_its_members(
    bring: Bring, zipped: Zipped, given: Path, line: EarningsLine
) -> None:
    inner = zipped({"results.tsv": write_earnings([line], LEGACY)})
    (given / "bank_20250527_102936.zip").write_bytes(zipped({"inner.zip": inner}))
    [told] = bring().values()
    assert told.as_of == STAMPED


def test_file_times_say_nothing(bring: Bring, given: Path, line: EarningsLine) -> None:
    import os

    (given / "a.tsv").write_bytes(write_earnings([line], LEGACY))
    os.utime(given / "a.tsv", (0, 0))
    told = bring()["a.tsv"]
    assert told.as_of == datetime(2025, 5, 24, tzinfo=UTC)


def test_a_stamp_in_a_folder_above_what_was_named_counts(
    bring: Bring, given: Path, line: EarningsLine
) -> None:
    folder = given / "dump_20250527_102936"
    folder.mkdir()
    (folder / "a.tsv").write_bytes(write_earnings([line], LEGACY))
    [told] = bring(folder).values()
    assert told.as_of == STAMPED
