"""Staging parts: a cache of what one payload says."""

from datetime import date
from decimal import Decimal

import pytest

from bedrot.zones.lake import Lake
from bedrot.zones.parts import (
    Chunk,
    Profile,
    RuleResult,
    forget_parts,
    has_chunk,
    is_held,
    mark_held,
    read_note,
    read_profile,
    write_note,
    write_profile,
)


@pytest.fixture
def profile() -> Profile:
    return Profile(
        file_id="ab",
        definition_id="d1",
        layout="13 columns",
        rows=3,
        chunks={
            "2025-04": Chunk(
                rows=1,
                fingerprint="f1",
                units=2,
                amount="0.1",
                first="2025-04-24",
                last="2025-04-24",
            ),
            "2025-05": Chunk(
                rows=2,
                fingerprint="f2",
                units=3,
                amount="0.2",
                first="2025-05-01",
                last="2025-05-24",
            ),
        },
        scope={"artist_name": ("Größe", "B")},
        unknown_headers=("Mood",),
        rules=(
            RuleResult(name="r", severity="warning", description="d", failing=1, examples=("e",)),
        ),
    )


def test_a_profile_comes_back_as_it_was(lake: Lake, profile: Profile) -> None:
    write_profile(lake, "stg", profile)
    assert read_profile(lake, "stg", "d1", "ab") == profile


def test_a_profile_sums_exactly(profile: Profile) -> None:
    assert (profile.amount, profile.units) == (Decimal("0.3"), 5)
    assert (profile.first, profile.newest) == (date(2025, 4, 24), date(2025, 5, 24))


def test_a_profile_without_dates_has_none() -> None:
    empty = Profile(file_id="a", definition_id="d", layout="l", rows=0, chunks={})
    assert (empty.first, empty.newest, empty.amount) == (None, None, 0)


def test_another_definition_knows_nothing_of_it(lake: Lake, profile: Profile) -> None:
    write_profile(lake, "stg", profile)
    mark_held(lake, "stg", "d1", "2025-04", "f1")
    assert read_profile(lake, "stg", "d2", "ab") is None
    assert not is_held(lake, "stg", "d2", "2025-04", "f1")


def test_what_rows_are_held_is_known_by_partition(lake: Lake) -> None:
    mark_held(lake, "stg", "d1", "2025-04", "f1")
    mark_held(lake, "stg", "d1", "2025-04", "f1")
    assert is_held(lake, "stg", "d1", "2025-04", "f1")
    assert not is_held(lake, "stg", "d1", "2025-05", "f1")
    assert not has_chunk(lake, "stg", "d1", "ab", "2025-04")


def test_a_profile_written_twice_is_one(lake: Lake, profile: Profile) -> None:
    write_profile(lake, "stg", profile)
    write_profile(lake, "stg", profile)
    assert read_profile(lake, "stg", "d1", "ab") == profile


def test_notes_are_kept_under_their_name(lake: Lake) -> None:
    assert read_note(lake, "stg", "d1", "n") is None
    write_note(lake, "stg", "d1", "n", b"told")
    write_note(lake, "stg", "d1", "n", b"told")
    assert read_note(lake, "stg", "d1", "n") == b"told"


def test_parts_are_forgotten_by_table_or_altogether(lake: Lake, profile: Profile) -> None:
    for table in ("stg_a", "stg_b"):
        write_profile(lake, table, profile)
    forget_parts(lake, "stg_a")
    assert read_profile(lake, "stg_a", "d1", "ab") is None
    assert read_profile(lake, "stg_b", "d1", "ab") == profile
    forget_parts(lake)
    assert read_profile(lake, "stg_b", "d1", "ab") is None
