from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _check(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "check_lock.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_lock_names_the_public_index_only() -> None:
    done = _check()
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "line",
    [
        'source = { registry = "https://mirror.example/simple" }',
        'sdist = { url = "http://pypi.org/packages/x.tar.gz" }',
        'source = { registry = "../wheels" }',
        'source = { git = "ssh://git@example.org/x" }',
    ],
)
def test_a_lock_with_another_place_is_refused(tmp_path: Path, line: str) -> None:
    lock = tmp_path / "uv.lock"
    lock.write_text(f"{line}\n", encoding="utf-8")
    done = _check(str(lock))
    assert done.returncode == 1
    assert "lock again" in done.stdout
