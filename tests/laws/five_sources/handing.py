"""Handing files over as an inbox, and what a lake tells afterwards."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bedrot.catalog import index
from bedrot.pipeline.bringing import Imported, Stated
from bedrot.pipeline.importing import import_paths
from bedrot.testing.lakes import NOW

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake


ELSEWHERE = Path(__file__).parents[1] / "elsewhere.py"
KATHMANDU = {
    "TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "BEDROT_THREADS": "1",
}  # fmt: skip
LOS_ANGELES = {
    "TZ": "America/Los_Angeles", "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",
    "BEDROT_MEMORY_LIMIT": "300MB",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A lake of an inbox that was imported at once and run once, in a process of its own.

    `imported` and `writes` are how many writes there were up to the end of the import and the run.
    """

    folder: Path
    inbox: Path
    contents: Mapping[str, str]
    versions: Mapping[str, int]
    standings: Mapping[str, str]
    imported: int
    writes: int


def elsewhere(
    folder: Path, inbox: Path, command: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """A process at work on a lake, in another time zone or locale (see `elsewhere.py`)."""
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))
    }
    return subprocess.run(
        [sys.executable, str(ELSEWHERE), str(folder), str(inbox), command],
        env=env | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What a process that came to its end says of its lake."""
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def laid_out(files: Mapping[str, bytes], folder: Path) -> Path:
    """The files in a folder `inbox`, each at another time of a file."""
    chance = random.Random(len(files))
    inbox = folder / "inbox"
    for name, content in files.items():
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        moment = chance.randrange(2**31)
        os.utime(path, (moment, moment))
    return inbox


def hand_over(lake: Lake, files: Mapping[str, bytes]) -> dict[str, Imported]:
    """Import an inbox that holds these files and no other; what became of each, by its path.

    What became of an archive's members stands under `ARCHIVE > MEMBER`.
    """
    with TemporaryDirectory() as folder:
        inbox = laid_out(files, Path(folder))
        return {
            done.shown.removeprefix(f"{inbox}/"): done
            for done in import_paths(lake, [inbox], stated=Stated(), now=lambda: NOW)
        }


def standings(lake: Lake) -> dict[str, str]:
    """The status of every payload and code, beside the source and the reason."""
    return {
        f"{one.source} {one.file_id} {one.code} {one.reason}": one.status
        for one in index.standings(lake.catalog)
    }
