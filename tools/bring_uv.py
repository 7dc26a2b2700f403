"""Bring uv into the checkout (`.uv/`) on a machine that has only Python.

Runs on any Python 3.11+ with nothing installed. Two ways are tried, because distributions take
Python apart differently: a virtual environment, and the machine's pip into a folder.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

UV = "uv==0.13.9"
FOLDER = Path(__file__).resolve().parent.parent / ".uv"
ADVICE = f"""\
uv could not be brought into {FOLDER.name}/. What was tried is printed above. Either
  - install what is missing: `venv` and `pip` of this Python (Debian, Ubuntu: apt install python3-venv), or
    a way to reach pypi.org (a proxy: HTTPS_PROXY; a mirror: PIP_INDEX_URL), or
  - install uv itself (https://docs.astral.sh/uv/), and run the same command again."""


def attempt(*command: str) -> str | None:
    """Run a command; None when it went well, otherwise what it said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    return f"$ {' '.join(command)}\n{(done.stdout + done.stderr).strip()}\n"


def by_virtual_environment() -> str | None:
    """The usual way: an environment with a pip of its own."""
    trouble = attempt(sys.executable, "-m", "venv", str(FOLDER))
    return trouble or attempt(str(FOLDER / "bin" / "python"), "-m", "pip", "install", "-q", UV)


def by_folder() -> str | None:
    """Where Python has pip and cannot make environments (Debian without python3-venv)."""
    return attempt(sys.executable, "-m", "pip", "install", "-q", "--target", str(FOLDER), UV)


def main() -> int:
    """Leave a working `.uv/bin/uv`, or say what to do."""
    if sys.version_info < (3, 11):  # noqa: UP036 - told in words, because this file runs first
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
        return 1
    print(f"bringing {UV} into {FOLDER.name}/ (once) ...", flush=True)
    troubles = []
    for way in (by_virtual_environment, by_folder):
        shutil.rmtree(FOLDER, ignore_errors=True)
        trouble = way() or attempt(str(FOLDER / "bin" / "uv"), "--version")
        if trouble is None:
            (FOLDER / "bin" / "uv").touch()
            return 0
        troubles.append(trouble)
    shutil.rmtree(FOLDER, ignore_errors=True)
    print("\n".join(troubles), ADVICE, sep="\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
