"""What is an export of TikTok and cannot count, and what is shown of it all the same."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.errors import RejectedPayloadError
from bedrot.sources.tiktok import OVERVIEW_STREAM, SOURCE
from bedrot.sources.tiktok import exports as module
from bedrot.sources.tiktok.daily import read_overview
from bedrot.sources.tiktok.pages import tiktok_page
from bedrot.sources.tiktok.synthetic import HEADERS, Writing, daily, written

Refused = Callable[..., RejectedPayloadError]
Typed = Callable[..., list[dict[str, Any]]]


DAYS = [date(2025, 7, 14) + timedelta(days=n) for n in range(3)]
GIVEN = {"window": f"{DAYS[0]}..{DAYS[-1]}"}
OVERVIEW = daily("overview", dict.fromkeys(DAYS, (1, 2, 3, 4, 5)))
LAST_RECORD = len(OVERVIEW) - OVERVIEW.rindex(b"\n")


def test_a_header_alone_is_empty(refused: Refused) -> None:
    assert refused(OVERVIEW_STREAM, written("overview", []), GIVEN).code == "empty"
    assert refused(OVERVIEW_STREAM, written("overview", []), {}).code == "empty"


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        (1, "truncated"),
        (3, "truncated"),
        (4, "truncated"),
        (17, "truncated"),
        (LAST_RECORD, "window_disagrees"),
    ],
)
def test_a_cut_file_says_so(lost: int, code: str, refused: Refused) -> None:
    assert refused(OVERVIEW_STREAM, OVERVIEW[:-lost], GIVEN).code == code


def test_an_unquoted_file_needs_its_last_line_end(refused: Refused, typed: Typed) -> None:
    writing = Writing(is_quoted=False)
    content = daily("overview", dict.fromkeys(DAYS, (1, 2, 3, 4, 55)), writing)
    assert refused(OVERVIEW_STREAM, content, GIVEN).code == "truncated"
    assert len(typed(OVERVIEW_STREAM, content, GIVEN, "truncated")) == 3


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'"July 15","1"', b'"July 15","1","9"', "misshapen_record"),
        (b'"July 15","1"', b'"July 15","1"x', "misshapen_record"),
        (b'"July 15"', b'"Juli 15"', "unreadable_date"),
        (b'"July 15"', b'"July 16"', "window_disagrees"),
    ],
)
def test_a_broken_record_says_so(old: bytes, new: bytes, code: str, refused: Refused) -> None:
    assert refused(OVERVIEW_STREAM, OVERVIEW.replace(old, new), GIVEN).code == code


def test_a_repeated_row_is_noticed(refused: Refused) -> None:
    rows = OVERVIEW.split(b"\n")
    content = b"\n".join([*rows[:2], rows[1], *rows[2:]])
    assert refused(OVERVIEW_STREAM, content, GIVEN).code == "window_disagrees"


def test_a_day_twice_is_noticed_where_years_are_printed(refused: Refused) -> None:
    content = daily("business_overview", dict.fromkeys(DAYS, range(11)))
    doubled = content + b"\n" + content.split(b"\n")[-1]
    assert refused(OVERVIEW_STREAM, doubled, {}).code == "doubled_day"


def test_days_that_are_left_out_are_said(payload: Path) -> None:
    content = daily("business_overview", {d: range(11) for d in (DAYS[0], DAYS[2])})
    payload.write_bytes(content)
    notes = read_overview(payload, frozenset(), {}).notes
    assert [note.code for note in notes] == ["days_missing"]
    assert "2025-07-15" in notes[0].text


def test_a_file_beyond_all_size_is_not_read(
    refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SIZE_LIMIT", 100)
    assert refused(OVERVIEW_STREAM, OVERVIEW, GIVEN).code == "too_large"


@pytest.mark.parametrize(
    "content",
    [
        OVERVIEW,
        OVERVIEW[:-20],
        OVERVIEW.replace(b"July 15", b"July 99"),
        written("overview", []),
        daily("overview", {DAYS[0]: ["1,2", 2, 3, 4, 5]}),
    ],
)
def test_records_are_shown_whatever_is_wrong(content: bytes, payload: Path) -> None:
    payload.write_bytes(content)
    told = OVERVIEW_STREAM.records(payload, {0, 1, 2, 9})
    assert told[0].startswith('"Date"')
    if content.startswith(OVERVIEW[:60]) and b"July 14" in content:
        assert told[1].startswith('record 1: "July 14"')


@pytest.mark.parametrize(
    ("page", "is_ours"),
    [
        (b"<!DOCTYPE html><html><head><title>Log in | TikTok</title>", True),
        (b"<html><title>TikTok Studio</title>", True),
        (b"<!doctype html><title>TikTok - Make Your Day</title>", True),
        (b"<!doctype html><title>How to win on TikTok</title>", False),
        (b"<!doctype html><title>Sign in</title>", False),
        (b"Log in | TikTok", False),
    ],
)
def test_pages_of_tiktok_are_told_from_others(page: bytes, is_ours: bool) -> None:
    assert (tiktok_page(page) is not None) is is_ours


@given(content=st.binary(max_size=400), header=st.sampled_from(sorted(HEADERS)))
def test_nothing_crashes_a_parser(
    content: bytes, header: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = Path(tmp_path_factory.getbasetemp(), "anything")
    path.write_bytes(written(header, []) + b"\n" + content)
    for stream in SOURCE.streams:
        if stream.recognise(path, stream) is not None:
            stream.records(path, {0, 1, 2})
    with contextlib.suppress(RejectedPayloadError):
        read_overview(path, frozenset(), GIVEN)
