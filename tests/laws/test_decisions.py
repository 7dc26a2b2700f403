"""What a person decided is input: recorded, dated, and followed exactly."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bedrot.sources.distrokid.synthetic import CURRENT
from bedrot.testing.lakes import (
    NOW,
    bring_in,
    contents,
    decide,
    lines_count,
    net,
    publish,
    restatements,
    run_lake,
    standings_of,
    throwaway_lake,
)
from bedrot.testing.ledgers import export, line, net_of

pytestmark = pytest.mark.soak

if TYPE_CHECKING:
    from pathlib import Path

    from bedrot.zones.lake import Lake

JUNE, JULY, AUGUST = "20250601", "20250701", "20250801"
KEPT = [
    line("1.00000000", on="2025-03-20", country="US"),
    line("2.00000000", on="2025-03-25", country="DE"),
    line("4.00000000", on="2025-04-20", country="US"),
]
GONE = line("8.00000000", on="2025-03-22", sold="2025-02", country="FR")
OTHERS = [
    line("16.00000000", on="2025-03-22", artist="Bob", song=2),
    line("32.00000000", on="2025-02-20", sold="2025-02"),
]
FULL = export([*KEPT, GONE, *OTHERS], JUNE)
SHORT = export(KEPT, JULY)


def _short_one(lake: Lake, kind: str) -> str:
    """Publish both; the short one is set aside, and then a person decides."""
    _, told = publish(lake, FULL, SHORT)
    assert standings_of(lake, told.file_id)["lacks_lines"] == "set_aside"
    decide(lake, kind, told.file_id, "lacks_lines")
    run_lake(lake)
    return told.file_id


def test_withdraw_removes_exactly_the_missing_lines(lake: Lake) -> None:
    file_id = _short_one(lake, "withdraw")
    assert net(lake) == net_of([*KEPT, *OTHERS])
    assert lines_count(lake, "country_code = 'FR'") == 0
    assert restatements(lake) == [(GONE.earnings, 0, False)]
    assert "set_aside" not in standings_of(lake, file_id).values()


def test_after_a_withdrawal_the_next_export_without_the_lines_is_in_order(lake: Lake) -> None:
    _short_one(lake, "withdraw")
    more = line("64.00000000", on="2025-06-20")
    (told,) = publish(lake, export([*KEPT, more], AUGUST, layout=CURRENT))
    assert "set_aside" not in standings_of(lake, told.file_id).values()
    assert net(lake) == net_of([*KEPT, *OTHERS, more])


def test_a_withdrawn_line_does_not_come_back_with_an_old_export(lake: Lake) -> None:
    _short_one(lake, "withdraw")
    publish(lake, export([GONE, *KEPT], "20250515"))
    assert net(lake) == net_of([*KEPT, *OTHERS])


def test_withdrawing_is_the_same_before_and_after_the_files_came(
    lake: Lake, tmp_path: Path
) -> None:
    file_id = _short_one(lake, "withdraw")
    with throwaway_lake(tmp_path / "other") as other:
        decide(other, "withdraw", file_id, "lacks_lines")
        publish(other, SHORT)
        publish(other, FULL)
        assert contents(other) == contents(lake)


def test_accept_makes_a_set_aside_file_count_and_removes_nothing(lake: Lake) -> None:
    news = line("64.00000000", on="2025-04-20", country="JP")
    _, told = publish(lake, FULL, export([*KEPT, news], JULY))
    decide(lake, "accept", told.file_id, "lacks_lines")
    run_lake(lake)
    assert net(lake) == net_of([*KEPT, GONE, *OTHERS, news])
    assert restatements(lake) == []


def test_accepting_a_broken_rule_makes_the_file_count(lake: Lake) -> None:
    early = line("5.00000000", on="2025-04-22", sold="2025-09")
    (told,) = publish(lake, export([early], JULY))
    (code,) = standings_of(lake, told.file_id)
    decide(lake, "accept", told.file_id, code)
    run_lake(lake)
    assert net(lake) == early.earnings


def test_drop_takes_every_trace_of_a_file_out_of_the_tables(lake: Lake, tmp_path: Path) -> None:
    restated = line("9.00000000", on="2025-03-20")
    odd = export([restated, *KEPT[1:], GONE, *OTHERS], JULY)
    _, told = publish(lake, FULL, odd)
    assert restatements(lake) != []
    decide(lake, "drop", told.file_id)
    run_lake(lake)
    with throwaway_lake(tmp_path / "other") as other:
        publish(other, FULL)
        assert contents(lake) == contents(other)


def test_a_dropped_file_is_no_measure_for_others(lake: Lake) -> None:
    first, short = publish(lake, FULL, SHORT)
    decide(lake, "drop", first.file_id)
    run_lake(lake)
    assert "set_aside" not in standings_of(lake, short.file_id).values()
    assert net(lake) == net_of(KEPT)


def test_the_newest_decision_about_a_file_is_the_one_that_counts(lake: Lake) -> None:
    file_id = _short_one(lake, "accept")
    decide(lake, "drop", file_id, at=NOW + timedelta(days=1))
    run_lake(lake)
    assert standings_of(lake, file_id)["dropped"] == "dropped"
    decide(lake, "accept", file_id, "lacks_lines", at=NOW + timedelta(days=2))
    run_lake(lake)
    assert "dropped" not in standings_of(lake, file_id)


def test_a_decision_alone_writes_a_run_record_and_no_version(lake: Lake) -> None:
    publish(lake, FULL)
    before = contents(lake)
    decide(lake, "accept", "0123456789abcdef", "lacks_lines")
    assert run_lake(lake).outcome == "unchanged"
    assert contents(lake) == before


def test_a_drop_before_the_file_came_holds(lake: Lake) -> None:
    (told,) = bring_in(lake, SHORT)
    decide(lake, "drop", told.file_id)
    publish(lake, FULL)
    assert net(lake) == net_of([*KEPT, GONE, *OTHERS])


def test_a_withdrawal_is_dated_alike_whenever_its_earlier_sighting_came(
    lake: Lake, tmp_path: Path
) -> None:
    months = [line(on=day, sold="2025-02") for day in ("2025-03-20", "2025-04-20", "2025-05-20")]
    late, early = (export([months[0], months[2]], stamp) for stamp in (AUGUST, JULY))
    *_, told = publish(lake, export(months, JUNE), late)
    decide(lake, "withdraw", told.file_id, "lacks_lines")
    run_lake(lake)
    publish(lake, early)
    with throwaway_lake(tmp_path / "other") as other:
        decide(other, "withdraw", told.file_id, "lacks_lines")
        publish(other, export(months, JUNE), early, late)
        assert contents(lake) == contents(other)


def test_a_withdrawal_keeps_what_it_does_not_speak_of_as_a_measure(lake: Lake) -> None:
    bobs = [line("3.00000000", on="2025-03-22", artist="Bob", song=n) for n in (2, 3)]
    _, told = publish(lake, export([*KEPT, GONE, *bobs], JUNE), SHORT)
    decide(lake, "withdraw", told.file_id, "lacks_lines")
    (cut,) = publish(lake, export([*KEPT, bobs[0]], AUGUST))
    assert standings_of(lake, cut.file_id)["lacks_lines"] == "set_aside"
    assert net(lake) == net_of([*KEPT, *bobs])
