"""Measuring one command: CPU seconds, wall seconds, peak memory and bytes written."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one process took. `written` counts bytes that are new below the watched folders."""

    cpu: float
    wall: float
    peak_mb: float
    written: int = 0


def measure(
    command: Sequence[str], *, watched: Path | None = None, env: Mapping[str, str] | None = None
) -> Measured:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed.
    """
    before = _files(watched)
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env={**os.environ, **(env or {})}
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if process.returncode:
        msg = f"{' '.join(map(str, command))[:200]} ended with {process.returncode}"
        raise RuntimeError(msg)
    after = _files(watched)
    return Measured(
        cpu=usage.ru_utime + usage.ru_stime,
        wall=wall,
        peak_mb=usage.ru_maxrss / 1024,
        written=sum(size for key, size in after.items() if key not in before),
    )


def add(*parts: Measured) -> Measured:
    """Several commands as one job."""
    return Measured(
        cpu=sum(part.cpu for part in parts),
        wall=sum(part.wall for part in parts),
        peak_mb=max(part.peak_mb for part in parts),
        written=sum(part.written for part in parts),
    )


def keep(name: str, told: Mapping[str, object]) -> None:
    """Keep figures as JSON in `results/`, with what they were measured on."""
    RESULTS.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps({**told, **machine}, indent=1) + "\n", encoding="utf-8")
    say(f"kept in {path.name}")


def say(text: str) -> None:
    """Tell how far a benchmark has come."""
    sys.stderr.write(f"… {text}\n")


def _files(folder: Path | None) -> dict[tuple[int, int], int]:
    """Every file's identity and size; two names of one file (hard links) count once."""
    if folder is None or not folder.exists():
        return {}
    found = {}
    for root, _, names in os.walk(folder):
        for name in names:
            told = Path(root, name).stat()
            found[told.st_dev, told.st_ino] = told.st_size
    return found
