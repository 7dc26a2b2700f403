"""Visits as one payload: what is written, what is read, and which moments belong together."""

from __future__ import annotations

import itertools
import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.errors import RejectedPayloadError
from bedrot.extract import visits
from bedrot.extract.visits import (
    APART,
    Response,
    in_visits,
    is_visit,
    read_visit,
    time_of,
    visit_name,
    wall_clock,
    write_visit,
)

NOON = datetime(2025, 5, 27, 12, 0, 0)  # noqa: DTZ001 - a clock on a wall
RESPONSES = [
    Response(at=NOON + timedelta(seconds=n), body=f'{{"data":{n}}}'.encode()) for n in range(3)
]


def test_a_visit_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_visit(RESPONSES, tmp_path / "visit")
    assert read_visit(tmp_path / "visit").responses == tuple(RESPONSES)


def test_equal_responses_give_equal_bytes_in_any_order(tmp_path: Path) -> None:
    written = set()
    for number, order in enumerate(itertools.permutations([*RESPONSES, RESPONSES[0]])):
        path = tmp_path / str(number)
        write_visit(order, path)
        written.add(path.read_bytes())
    assert len(written) == 1


def test_a_person_can_open_it_and_its_manifest_names_every_response(tmp_path: Path) -> None:
    write_visit(RESPONSES, tmp_path / "visit.zip")
    with zipfile.ZipFile(tmp_path / "visit.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        bodies = [archive.read(told["name"]) for told in manifest["responses"]]
        assert {member.compress_type for member in archive.infolist()} == {zipfile.ZIP_STORED}
    assert bodies == [response.body for response in RESPONSES]
    assert manifest["responses"][0]["name"].startswith("20250527_120000-")
    assert manifest["responses"][0]["at"] == "2025-05-27T12:00:00"


def test_names_tell_the_time() -> None:
    assert time_of(RESPONSES[1].name) == RESPONSES[1].at
    assert time_of(Response(at=None, body=b"").name) is None
    assert visit_name(RESPONSES[::-1]) == "visit_20250527_120000.zip"
    assert visit_name([Response(at=None, body=b"")]) == "visit_undated.zip"
    assert wall_clock(f"inbox/{RESPONSES[1].name}") == RESPONSES[1].at
    assert wall_clock("inbox/graphql.json") is None


@pytest.mark.parametrize(
    ("name", "microsecond"),
    [
        ("graphql_20250527_120001_612126.json", 612_126),
        ("graphql_20250527_120001_9.json", 900_000),
        ("2025-05-27T12-00-01.250Z.json", 250_000),
        ("a_20240101_000000_5-20250527_120001_25-0a1b.json", 250_000),
        ("20250527_120001_612126/graphql.json", 0),
        ("20250527_120001_612126/graphql_20250527_120001.json", 0),
        ("graphql_20250527_120001_1234567.json", 0),
        ("graphql_20250527_120001-612126.json", 0),
    ],
)
def test_a_fraction_that_follows_the_stamp_of_the_file_counts(name: str, microsecond: int) -> None:
    assert wall_clock(f"inbox/{name}") == NOON.replace(second=1, microsecond=microsecond)


def test_responses_of_one_second_are_in_the_order_of_their_fractions(tmp_path: Path) -> None:
    moments = [NOON + timedelta(microseconds=n) for n in (0, 1, 100_000, 900_000)]
    responses = tuple(Response(at=at, body=bytes(9 - n)) for n, at in enumerate(moments))
    write_visit(responses[::-1], tmp_path / "visit")
    assert read_visit(tmp_path / "visit").responses == responses
    assert [time_of(response.name) for response in responses] == moments
    assert [wall_clock(response.name) for response in responses] == moments
    assert responses[3].name.startswith("20250527_120000_900000-")


def test_a_visit_kept_without_fractions_is_read_as_before() -> None:
    assert RESPONSES[1].name == "20250527_120001-5e0555215395381d.json"
    assert time_of("20250527_120001-5e0555215395381d.json") == RESPONSES[1].at


def test_responses_without_a_time_are_refused_unless_they_are_asked_for(tmp_path: Path) -> None:
    write_visit([Response(at=None, body=b"{}"), *RESPONSES], tmp_path / "visit")
    assert len(read_visit(tmp_path / "visit", undated=True).responses) == 4
    with pytest.raises(RejectedPayloadError) as caught:
        read_visit(tmp_path / "visit")
    assert caught.value.code == "unknown_moment"
    assert "--as-of" in str(caught.value.next_step)


def test_no_other_file_is_a_visit(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_visit(RESPONSES, path)
    whole = path.read_bytes()
    assert is_visit(path)
    for content in (b"", b"{}", whole[:100], whole[:-30]):
        path.write_bytes(content)
        assert not is_visit(path)
        with pytest.raises(RejectedPayloadError) as caught:
            read_visit(path)
        assert caught.value.code == "unreadable_file"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.json", b"{}")
    assert not is_visit(path)


@pytest.mark.parametrize("manifest", [b"[]", b"{}", b'{"responses":[{"name":"x"}]}', b"\xff"])
def test_a_visit_with_another_manifest_cannot_be_opened(manifest: bytes, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "visit", "w") as archive:
        archive.writestr("manifest.json", manifest)
    with pytest.raises(RejectedPayloadError, match="cannot be opened"):
        read_visit(tmp_path / "visit")


def test_a_visit_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_visit(RESPONSES, tmp_path / "visit")
    monkeypatch.setattr(visits, "MAX_RESPONSES", 2)
    with pytest.raises(RejectedPayloadError) as caught:
        read_visit(tmp_path / "visit")
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    ("minutes", "spans"),
    [
        ([], []),
        ([0, 10], [(0, 10)]),
        ([0, 10, 20, 30], [(0, 30)]),
        ([0, 11], [(0, 0), (11, 11)]),
        ([30, 0, 41, 9], [(0, 9), (30, 30), (41, 41)]),
    ],
)
def test_moments_ten_minutes_apart_are_one_visit(
    minutes: list[int], spans: list[tuple[int, int]]
) -> None:
    def at(minute: int) -> datetime:
        return NOON + timedelta(minutes=minute)

    found = in_visits(at(minute) for minute in minutes)
    assert found == [(at(first), at(last)) for first, last in spans]


@given(st.lists(st.integers(0, 200), min_size=1), st.randoms(use_true_random=False))
def test_every_moment_is_in_one_visit_in_any_order(minutes: list[int], chance: object) -> None:
    times = [NOON + timedelta(minutes=minute) for minute in minutes]
    spans = in_visits(times)
    assert spans == in_visits(reversed(times))
    assert all(sum(first <= at <= last for first, last in spans) == 1 for at in times)
    assert all(later[0] - one[1] > APART for one, later in itertools.pairwise(spans))
