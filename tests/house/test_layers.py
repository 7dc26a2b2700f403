"""The import contracts are tried: each turns red when it is broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).with_name("lint-imports")


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(folder / "src")}
    return subprocess.run(
        [str(LINT), "--no-cache", "--config", "pyproject.toml"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("layers")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize(
    ("place", "line", "contract"),
    [
        ("merge/odd.py", "import bedrot.zones", "Layers"),
        ("pipeline/odd.py", "import bedrot.simulate", "Layers"),
        ("rogue.py", "", "Layers"),
        ("sources/odd/__init__.py", "import bedrot.sources.distrokid", "Sources never"),
        ("pipeline/odd.py", "import bedrot.settings", "Settings"),
        ("core/odd.py", "import duckdb", "The ground"),
        ("merge/odd.py", "import pandas", "No data frames"),
    ],
)
def test_a_forbidden_import_is_named(copy: Path, place: str, line: str, contract: str) -> None:
    path = copy / "src" / "bedrot" / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{line}\n", encoding="utf-8")
    try:
        done = _lint(copy)
    finally:
        if path.name == "__init__.py":
            shutil.rmtree(path.parent)
        else:
            path.unlink()
    broken = [row for row in done.stdout.splitlines() if row.endswith("BROKEN")]
    assert done.returncode == 1, done.stdout
    assert any(row.startswith(contract) for row in broken), done.stdout


def test_the_package_keeps_them_all(copy: Path) -> None:
    done = _lint(copy)
    assert done.returncode == 0, done.stdout
