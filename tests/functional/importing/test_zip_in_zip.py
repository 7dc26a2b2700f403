"""TikTok's zips inside a zip: what only their names tell is read from these names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bedrot.pipeline.bringing import Imported
from bedrot.sources.tiktok.synthetic import archive, archive_name, daily
from bedrot.testing.lakes import rows_of, run_lake
from bedrot.zones.lake import Lake
from bedrot.zones.landing import capture_keys, read_capture

Bring = Callable[..., dict[str, Imported]]
Zipped = Callable[..., bytes]

FIRST, LAST = date(2025, 3, 1), date(2025, 3, 7)
PACKED = datetime(2025, 3, 8, 1, 2, 4, tzinfo=UTC)


def _export(views: int) -> bytes:
    days = [FIRST + timedelta(days=n) for n in range(7)]
    content = daily("overview", dict.fromkeys(days, (views, 4, 3, 2, 1)))
    return archive({"Overview.csv": content}, PACKED)


def test_zips_of_two_accounts_in_a_zip_keep_their_windows_accounts_and_moments(
    lake: Lake, bring: Bring, zipped: Zipped, given: Path
) -> None:
    members = {archive_name(FIRST, LAST, name): _export(n) for n, name in enumerate(("a.a", "b_b"))}
    (given / "all_20240101_101010.zip").write_bytes(zipped(members))
    assert [done.outcome for done in bring().values()] == ["landed", "landed"]
    run_lake(lake)
    told = rows_of(
        lake,
        "select account_id, max(video_view_count) as views, min(day_date) as first, "
        "max(day_date) as last, cast(max(as_of) as date) as told_on "
        "from stg_tiktok__overview group by all order by all",
    )
    assert [tuple(row.values()) for row in told] == [
        ("a.a", 0, FIRST, LAST, PACKED.date()),
        ("b_b", 1, FIRST, LAST, PACKED.date()),
    ]


def test_the_capture_names_the_outer_archive_too(
    lake: Lake, bring: Bring, zipped: Zipped, given: Path
) -> None:
    inner = archive_name(FIRST, LAST, "zone.a0")
    (given / "bank.zip").write_bytes(zipped({inner: _export(5)}))
    bring()
    [record] = [read_capture(lake, key) for key in capture_keys(lake)]
    assert str(record.container).startswith(f"given/bank.zip/{inner}#")
