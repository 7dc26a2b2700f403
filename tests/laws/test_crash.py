"""Law 5: killed at any point, the lake is consistent and the next run finishes; one writer only."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from bedrot.errors import LockedError
from bedrot.sources.distrokid.synthetic import CURRENT
from bedrot.testing.lakes import (
    bring_in,
    contents,
    publish,
    rows_of,
    run_lake,
    throwaway_lake,
)
from bedrot.testing.ledgers import Export, export, line

pytestmark = pytest.mark.soak  # tests/laws/test_five_sources.py says it in short

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="this system kills otherwise"
)

ELSEWHERE = Path(__file__).with_name("elsewhere.py")
SEED = 20250601
# CI tries fewer: test_five_sources.py kills too, over all sources.
PARTS = max(3, settings.default.max_examples // 14)
_DELAYS = [round(delay, 1) for delay in map(random.Random(SEED).uniform, [0.8] * 5, [4.0] * 5)][
    : max(2, settings.default.max_examples // 20)
]
LINES = [
    line(f"{number}.25000000", on=f"2025-0{2 + number % 3}-20", song=number, country=country)
    for number in range(1, 7)
    for country in ("US", "DE")
]
BEFORE = [export(LINES[:8], "20250501"), export(LINES[2:9], "20250515")]
INBOX = [
    export([line("99.00000000", on="2025-03-20", song=1), *LINES[1:]], "20250601"),
    export([*LINES, line("7.00000000", on="2025-06-20", song=9)], "20250701", layout=CURRENT),
]
BOTH_SUMS = """
select (select sum(net_usd) from fct_royalty_line) as facts,
    (select sum(net_usd) from rpt_revenue_monthly) as report,
    (select sum(net_usd) from stg_distrokid__earnings) as staged
"""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A lake with one release, an inbox, and what must come of both."""

    lake: Path
    inbox: Path
    expected: Mapping[str, str]
    writes: int


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("crash")
    with throwaway_lake(folder / "lake") as lake:
        publish(lake, *BEFORE)
    (folder / "inbox").mkdir()
    for file in INBOX:
        (folder / "inbox" / file.name).write_bytes(file.content)
    shutil.copytree(folder / "lake", folder / "whole")
    done = subprocess.run(
        _command(folder / "whole", folder / "inbox"), capture_output=True, check=True
    )
    told = json.loads(done.stdout)
    return Scene(
        lake=folder / "lake",
        inbox=folder / "inbox",
        expected=told["contents"],
        writes=told["writes"],
    )


def _command(lake: Path, inbox: Path) -> list[str]:
    return [sys.executable, str(ELSEWHERE), str(lake), str(inbox), "bring_in"]


def _watch(lake: Lake, process: subprocess.Popen[bytes], deadline: float | None) -> None:
    """Read while the other process works; kill it at the deadline."""
    while process.poll() is None:
        (sums,) = rows_of(lake, BOTH_SUMS)
        assert sums["facts"] == sums["report"] == sums["staged"]
        if deadline is not None and time.monotonic() > deadline:
            process.kill()
    process.wait()


def _resume(lake: Lake) -> None:
    """What landed is finished by the next run alone; what did not is imported again."""
    landed = _landed(lake)
    if landed < len(BEFORE) + len(INBOX):
        bring_in(lake, *INBOX)
    run_lake(lake)


def _landed(lake: Lake) -> int:
    return sum(key.endswith(".capture.json") for key in lake.store.list("landing"))


def _kill_and_resume(
    scene: Scene, folder: Path, *, die_at: int | None = None, after: float | None = None
) -> Mapping[str, str]:
    shutil.copytree(scene.lake, folder)
    env = os.environ | ({"DIE_AT": str(die_at)} if die_at else {})
    with throwaway_lake(folder) as lake:
        with subprocess.Popen(
            _command(folder, scene.inbox), env=env, stdout=subprocess.DEVNULL
        ) as process:
            _watch(lake, process, time.monotonic() + after if after else None)
        assert process.returncode in {-signal.SIGKILL, 0}
        _resume(lake)
        return contents(lake)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_any_write_the_next_run_completes_the_lake(
    scene: Scene, tmp_path: Path, part: int
) -> None:
    share = scene.writes / PARTS
    die_at = random.Random(SEED + part).randint(int(part * share) + 1, int((part + 1) * share))
    assert _kill_and_resume(scene, tmp_path / "lake", die_at=die_at) == scene.expected


@pytest.mark.slow
@pytest.mark.parametrize("delay", _DELAYS)
def test_killed_at_any_time_the_next_run_completes_the_lake(
    scene: Scene, tmp_path: Path, delay: float
) -> None:
    assert _kill_and_resume(scene, tmp_path / "lake", after=delay) == scene.expected


@pytest.fixture
def stopping(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Lets so many commits through; the next one fails as if the process had ended there."""
    from bedrot.pipeline import writing

    left = {"commits": 99}
    commit = writing.commit

    def stopped(*args: object, **kwargs: object) -> int:
        left["commits"] -= 1
        if left["commits"] < 0:
            raise KeyboardInterrupt
        return commit(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "commit", stopped)
    return left


@pytest.mark.parametrize("commits", [0, 2, 4])
def test_ended_between_any_two_commits_the_next_run_completes_the_lake(
    scene: Scene, tmp_path: Path, stopping: dict[str, int], commits: int
) -> None:
    shutil.copytree(scene.lake, tmp_path / "lake")
    with throwaway_lake(tmp_path / "lake") as lake:
        bring_in(lake, *INBOX)
        stopping["commits"] = commits
        try:
            run_lake(lake)
        except KeyboardInterrupt:
            stopping["commits"] = 99
            run_lake(lake)
        assert contents(lake) == scene.expected


def test_a_file_that_landed_and_was_not_judged_yet_is_judged_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bedrot.pipeline import bringing

    def ended(*_: object) -> None:
        raise KeyboardInterrupt

    with throwaway_lake(tmp_path / "lake") as lake, monkeypatch.context() as patch:
        patch.setattr(bringing, "pass_gate", ended)
        with pytest.raises(KeyboardInterrupt):
            bring_in(lake, INBOX[0])
        patch.undo()
        run_lake(lake)
        assert rows_of(lake, "select count(*) as n from fct_royalty_line") == [{"n": len(LINES)}]


def test_a_file_that_landed_and_was_not_judged_yet_is_judged_when_imported_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bedrot.pipeline import bringing

    def ended(*_: object) -> None:
        raise KeyboardInterrupt

    with throwaway_lake(tmp_path / "lake") as lake, monkeypatch.context() as patch:
        patch.setattr(bringing, "pass_gate", ended)
        with pytest.raises(KeyboardInterrupt):
            bring_in(lake, INBOX[0])
        patch.undo()
        publish(lake, INBOX[0])
        assert rows_of(lake, "select count(*) as n from fct_royalty_line") == [{"n": len(LINES)}]


HOLDER = """
import sys
from pathlib import Path
from bedrot.pipeline.locking import holding
from bedrot.testing.lakes import NOW, throwaway_lake
with throwaway_lake(Path(sys.argv[1])) as lake, holding(lake, "run", NOW):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_of_two_runs_at_once_the_second_says_who_holds_the_lake(lake: Lake) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, lake.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(LockedError, match=rf"bedrot run.*process {holder.pid} on "):
            run_lake(lake)
        holder.kill()
        holder.wait()
    assert run_lake(lake).outcome in {"published", "unchanged"}


def test_a_reader_keeps_its_release_while_a_new_one_is_published(lake: Lake) -> None:
    from bedrot.pipeline.reading import reading, release_at

    publish(lake, *BEFORE)
    with reading(lake, release_at(lake)) as con:
        before = con.sql(BOTH_SUMS).fetchall()
        publish(lake, *INBOX)
        assert con.sql(BOTH_SUMS).fetchall() == before
    assert rows_of(lake, BOTH_SUMS)[0]["facts"] != before[0][0]


def test_an_interrupted_run_leaves_the_release_as_it_was(
    scene: Scene, tmp_path: Path, stopping: dict[str, int]
) -> None:
    shutil.copytree(scene.lake, tmp_path / "lake")
    with throwaway_lake(tmp_path / "lake") as lake:
        before = contents(lake)
        bring_in(lake, Export(name=INBOX[0].name, content=INBOX[0].content))
        stopping["commits"] = 3
        with pytest.raises(KeyboardInterrupt):
            run_lake(lake)
        assert contents(lake) == before
