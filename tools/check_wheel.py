"""Check that a wheel and an sdist carry the package whole: code, SQL, contracts, alias data, READMEs.

Usage: check_wheel.py FOLDER, where FOLDER holds one wheel and one sdist.
"""

from __future__ import annotations

import sys
import tarfile
import zipfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "bedrot"
MADE_BY_PYTHON = {"__pycache__", ".mypy_cache", ".ruff_cache"}
NEEDED_KINDS = {".py", ".sql", ".yaml", ".csv", ".md", ".typed"}


def package_files() -> set[str]:
    """The files of the checkout's package, relative to `src`."""
    return {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and not MADE_BY_PYTHON & set(path.parts) and path.suffix != ".pyc"
    }


def wheel_files(folder: Path) -> set[str]:
    """The package's files in the wheel."""
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if name.startswith("bedrot/")}


def sdist_files(folder: Path) -> set[str]:
    """The package's files in the sdist."""
    (sdist,) = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = [member.name for member in archive.getmembers() if member.isfile()]
        parts = (name.split("/src/", maxsplit=1) for name in names)
        inside = {part[1] for part in parts if len(part) == 2}
        return {name for name in inside if name.startswith("bedrot/")}


def main(arguments: list[str]) -> int:
    """Fail, and name what is missing or too much."""
    folder = Path(arguments[0])
    expected = package_files()
    missing_kinds = NEEDED_KINDS - {Path(name).suffix for name in expected}
    if missing_kinds:
        print(f"the package has no file of kind {', '.join(sorted(missing_kinds))}: proves nothing")
        return 1
    wrong = 0
    for kind, found in (("wheel", wheel_files(folder)), ("sdist", sdist_files(folder))):
        lines = [f"the {kind} lacks {name}" for name in sorted(expected - found)]
        lines += [f"the {kind} has also {name}" for name in sorted(found - expected)]
        wrong += len(lines)
        print(*lines, sep="\n", end="\n" if lines else "")
    print(f"wheel and sdist: {len(expected)} files of the package, {wrong} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
