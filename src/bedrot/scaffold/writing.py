"""The files of a new source: filled from templates, and written all or none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.errors import UsageError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from bedrot.scaffold.naming import NewSource

_WORD = re.compile(r"\{\{(\w+)\}\}")
_HEADER = "{{header}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a source goes. Folders are relative to `root`; `package` is what Python imports.

    `folders` are those that have to be empty or missing. `layout` names the templates that belong
    to such a place.
    """

    root: Path
    layout: str
    package: str
    source: Path
    tests: Path
    folders: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file to be written; `header_lines` hold headers that only stand for the platform's own."""

    path: Path
    text: str
    header_lines: tuple[int, ...]


def checkout_of(folder: Path) -> Path | None:
    """The checkout of bedrot in which a folder lies, if it lies in one."""
    around = (folder, *folder.parents)
    needed = (Path("src", "bedrot", "sources", "__init__.py"), Path("tests", "unit", "sources"))
    return next((root for root in around if all((root / path).exists() for path in needed)), None)


def place_in_checkout(source: NewSource, root: Path) -> Place:
    """One folder beside the other sources, and one beside their tests."""
    folder = Path("src", "bedrot", "sources", source.name)
    tests = Path("tests", "unit", "sources", source.name)
    return Place(
        root=root,
        layout="checkout",
        package=f"bedrot.sources.{source.name}",
        source=folder,
        tests=tests,
        folders=(folder, tests),
    )


def place_of_its_own(source: NewSource, folder: Path) -> Place:
    """A package of its own, found by its entry point once it is installed.

    Its name begins with `bedrot_`, so that a source never hides another package.
    """
    package = f"bedrot_{source.name}"
    return Place(
        root=folder,
        layout="package",
        package=package,
        source=Path("src", package),
        tests=Path("tests"),
        folders=(Path(),),
    )


def new_files(source: NewSource, place: Place, *, version: str) -> list[NewFile]:
    """Every file of a source, in the order in which a person would read them.

    Args:
        source: What is to be made.
        place: Where it goes.
        version: The version of bedrot, which a package of its own asks for.
    """
    words = _words(source, place, version)
    made = []
    for path, template in _templates(source, place):
        text = template.read_text(encoding="utf-8")
        lines = text.splitlines()
        made.append(
            NewFile(
                path=path,
                text=_filled(text, words),
                header_lines=tuple(n for n, line in enumerate(lines, 1) if _HEADER in line),
            )
        )
    return made


def write_files(place: Place, files: Sequence[NewFile]) -> None:
    """Write all files, or none: what cannot be written takes the others away again.

    Raises:
        UsageError: a folder that has to be empty holds something.
    """
    for folder in place.folders:
        _refuse_full(place.root / folder)
    written: list[Path] = []
    try:
        for file in files:
            path = place.root / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as opened:
                written.append(path)
                opened.write(file.text)
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        _remove_empty_folders(place, files)
        raise


def _templates(source: NewSource, place: Place) -> Iterator[tuple[Path, Traversable]]:
    """Path and template of every file."""
    kind = _folder(source.kind)
    common = _folder("source")
    if place.layout == "package":
        own = _folder(place.layout)
        yield Path("pyproject.toml"), own / "pyproject.toml.template"
        yield place.source / "py.typed", own / "py.typed.template"
    contract = Path("contracts", f"{source.stream}.odcs.yaml")
    yield place.source / contract, kind / "contract.odcs.yaml.template"
    yield place.source / f"{source.stream}.sql", kind / "stream.sql.template"
    yield place.source / "__init__.py", common / "__init__.py.template"
    yield place.source / "synthetic.py", kind / "synthetic.py.template"
    yield place.source / "README.md", common / "README.md.template"
    yield place.tests / f"test_{source.stream}.py", kind / "test.py.template"


def _words(source: NewSource, place: Place, version: str) -> Mapping[str, str]:
    words = {
        "name": source.name,
        "title": source.title,
        "stream": source.stream,
        "STREAM": source.stream.upper(),
        "Stream": "".join(part.capitalize() for part in source.stream.split("_")),
        "kind": source.kind,
        # The name in every header keeps two sources that were made alike apart.
        "header": source.name,
        "package": place.package,
        "project": place.package.replace("_", "-"),
        "version": version,
    }
    imports = _folder(place.layout) / "test_imports.template"
    filled = _filled(imports.read_text(encoding="utf-8"), words)
    return {**words, "test_imports": filled.rstrip("\n")}


def _filled(template: str, words: Mapping[str, str]) -> str:
    return _WORD.sub(lambda found: words[found[1]], template)


def _folder(name: str) -> Traversable:
    return resources.files(__package__) / "templates" / name


def _remove_empty_folders(place: Place, files: Sequence[NewFile]) -> None:
    for file in files:
        for parent in list(file.path.parents)[:-1]:  # the last one is the root itself
            with suppress(OSError):  # it holds something, or was never made
                (place.root / parent).rmdir()


def _refuse_full(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists() or folder.is_symlink():
        what = "is not empty" if folder.is_dir() else "is no folder"
        msg = f"`{folder}` {what}; nothing was written"
        raise UsageError(msg, next_step="choose another name or folder, or clear that one away")
