from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from bedrot.cli import output


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.500"), "1.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.00000000"), "0"),
        (None, "–"),  # noqa: RUF001
        (True, "yes"),
        (1e-9, "0.000000001"),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        (date(2025, 5, 27), "2025-05-27"),
        (datetime(2025, 5, 27, 2, tzinfo=timezone(timedelta(hours=2))), "2025-05-27T00:00:00Z"),
        (datetime(2025, 5, 27), "2025-05-27T00:00:00"),  # noqa: DTZ001
        (["a", Decimal("2.0")], '["a", "2"]'),
    ],
)
def test_a_cell_is_exact_and_plain(value: object, text: str) -> None:
    assert output.cell(value) == text


def test_json_has_no_word_for_what_is_no_number() -> None:
    told = json.loads(output.json_text([float("nan"), float("inf"), Decimal("NaN"), None]))
    assert told == [None, None, None, None]


def test_json_keeps_moments_durations_and_bytes() -> None:
    moment = datetime(2025, 5, 27, 10, 29, 36, tzinfo=UTC)
    told = output.jsonable({"at": moment, "for": timedelta(days=1, microseconds=5), "raw": b"\x01"})
    assert told == {"at": "2025-05-27T10:29:36Z", "for": "PT86400.000005S", "raw": "01"}


def test_nothing_is_cut_where_no_terminal_is(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_table("all", ["name", "units"], [["x" * 400, 3], ["[b]", 12]])
    title, header, rule, long, short = capsys.readouterr().out.splitlines()
    assert (title, header.split(), set(rule)) == ("all", ["name", "units"], {"─"})
    assert long == "x" * 400 + "       3"
    assert short.split() == ["[b]", "12"]


def test_names_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output.say("a\x1b[31mb [red]c")
    assert capsys.readouterr().out == "a [31mb [red]c\n"


def test_progress_is_silent_where_no_terminal_is(capsys: pytest.CaptureFixture[str]) -> None:
    with output.progress() as drawn:
        drawn.step("work", 1, 2)
    assert capsys.readouterr() == ("", "")
