"""A lake of its own for each test, generated exports, and `bedrot` as people type it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bedrot.cli.main import app
from bedrot.sources.distrokid.synthetic import LEGACY, EarningsLine, Layout, write_earnings


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Bedrot = Callable[..., Told]
Export = Callable[..., Path]


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a lake that does not exist yet, as BEDROT_LAKE says it."""
    folder = tmp_path / "lake"
    monkeypatch.setenv("BEDROT_LAKE", str(folder))
    return folder


@pytest.fixture
def bedrot(lake: Path) -> Bedrot:
    """Run a command; it has to end well unless another exit code is expected."""

    def start(*arguments: object, code: int = 0, stdin: str | None = None) -> Told:
        result = CliRunner().invoke(app, [str(a) for a in arguments], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return Told(code=result.exit_code, out=result.stdout, err=result.stderr)

    return start


LINE = EarningsLine(
    reporting_date=date(2025, 1, 10),
    sale_month="2024-11",
    store="Spotify",
    artist="Paper Lantern",
    title="Slow Tide",
    isrc="QZABC2400001",
    upc="190000000017",
    quantity=10,
    country="NA",
    earnings=Decimal("0.12345678"),
)


@pytest.fixture
def line() -> EarningsLine:
    """One sale line, to be varied."""
    return LINE


TWO_MONTHS = (
    LINE,
    replace(LINE, store="Deezer", earnings=Decimal("1.5")),
    replace(LINE, quantity=4, earnings=Decimal("-0.02345678")),
    replace(LINE, reporting_date=date(2025, 2, 12), sale_month="2024-12", earnings=Decimal("2.25")),
)


@pytest.fixture
def two_months() -> tuple[EarningsLine, ...]:
    """The lines of the default export: net 3.85 USD."""
    return TWO_MONTHS


@pytest.fixture
def files_of() -> Callable[[Path], dict[str, bytes]]:
    """All bytes of a lake by name; catalogue, lock and spool aside."""

    def read(lake: Path) -> dict[str, bytes]:
        return {
            path.relative_to(lake).as_posix(): path.read_bytes()
            for path in sorted(lake.rglob("*"))
            if path.is_file()
            and path.relative_to(lake).parts[0] != ".work"
            and not path.name.startswith("catalogue.db")
        }

    return read


def _write_export(
    folder: Path, lines: Iterable[EarningsLine], name: str, layout: Layout = LEGACY
) -> Path:
    path = folder / "exports" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_earnings(lines, layout))
    return path


FIRST_EXPORT = "bank_20250301_120000.tsv"


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """Write lines as an export and give its path."""

    def write(lines: Iterable[EarningsLine] = TWO_MONTHS, name: str = FIRST_EXPORT) -> Path:
        return _write_export(tmp_path, lines, name)

    return write


@pytest.fixture(scope="session")
def _filled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    path = _write_export(folder, TWO_MONTHS, FIRST_EXPORT)
    for command in (["import", str(path)], ["run"]):
        done = CliRunner().invoke(app, [*command, "--lake", str(folder / "lake")])
        assert done.exit_code == 0, done.output
    return folder / "lake"


@pytest.fixture
def filled(_filled_once: Path, lake: Path) -> Path:
    """A lake with the default export and one lake release."""
    shutil.copytree(_filled_once, lake)
    return lake
