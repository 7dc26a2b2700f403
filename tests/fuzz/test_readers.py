"""Whatever bytes come in: a file is known or not, read or set aside; nothing else gets out."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fuzzing.bombs import bombs
from fuzzing.edits import KINDS, WORDS, Edit
from fuzzing.reading import read_by_all
from fuzzing.seeds import WINDOW, Seed, all_seeds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedrot.testing.lakes import throwaway_lake

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake

SEEDS = all_seeds()
BOMBS = bombs()
ENOUGH_SECONDS = 30
"""For any one payload; a reader that takes the square of a million would take hours."""
ENOUGH_MEGABYTES = 900
"""For a process that imports all bombs; the engine itself takes a third of it."""

QUIET = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
EDITS = st.lists(
    st.builds(
        Edit,
        kind=st.sampled_from(KINDS),
        place=st.floats(0, 1, exclude_max=True),
        length=st.integers(1, 64),
        word=st.one_of(st.sampled_from(WORDS), st.binary(min_size=1, max_size=8)),
    ),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    with throwaway_lake(tmp_path_factory.mktemp("fuzz") / "lake") as opened:
        yield opened


@pytest.fixture(scope="module")
def payload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "payload"


@pytest.mark.parametrize("seed", SEEDS, ids=[seed.name for seed in SEEDS])
def test_what_fuzzing_begins_with_is_read(lake: Lake, payload: Path, seed: Seed) -> None:
    assert any(" rows" in told for told in read_by_all(lake, payload, seed.content, seed.hints))


@QUIET
@given(seed=st.sampled_from(SEEDS), edits=EDITS)
def test_a_damaged_export_is_read_or_set_aside(
    lake: Lake, payload: Path, seed: Seed, edits: list[Edit]
) -> None:
    content = seed.content
    for edit in edits:
        content = edit.made(content)
    read_by_all(lake, payload, content, seed.hints)


@QUIET
@given(content=st.one_of(st.binary(max_size=2000), st.text(max_size=500).map(str.encode)))
def test_bytes_that_are_nothing_are_known_by_nobody(
    lake: Lake, payload: Path, content: bytes
) -> None:
    assert read_by_all(lake, payload, content, {})


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_set_aside_in_time(lake: Lake, payload: Path, bomb: str) -> None:
    started = time.monotonic()
    assert read_by_all(lake, payload, BOMBS[bomb], WINDOW)
    assert time.monotonic() - started < ENOUGH_SECONDS


@pytest.mark.skipif(sys.platform == "win32", reason="the system does not tell the most memory")
def test_all_bombs_in_one_import_take_bounded_memory_and_stop_no_other_file(
    tmp_path: Path,
) -> None:
    given_folder = tmp_path / "given"
    given_folder.mkdir()
    for number, content in enumerate(BOMBS.values()):
        (given_folder / f"bomb{number:02}").write_bytes(content)
    (given_folder / "fine.tsv").write_bytes(SEEDS[0].content)
    done = subprocess.run(
        [sys.executable, Path(__file__).parent / "elsewhere.py", tmp_path / "lake", given_folder],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    told = json.loads(done.stdout)
    assert len(told["outcomes"]) == len(BOMBS) + 1
    assert told["outcomes"]["fine.tsv"] == "landed"
    assert told["megabytes"] < ENOUGH_MEGABYTES
