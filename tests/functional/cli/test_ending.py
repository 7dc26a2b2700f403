from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from filelock import FileLock
from typer.testing import CliRunner

from bedrot.cli.errors import CommandGroup
from bedrot.errors import IntegrityError

Command = Callable[..., Any]


def start(*arguments: object, lake: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from bedrot.cli.main import main; main()", *map(str, arguments)],
        capture_output=True,
        check=False,
        env={**os.environ, "BEDROT_LAKE": str(lake)},
        encoding="utf-8",
    )


def test_a_missing_lake_ends_with_2_and_a_next_step(lake: Path) -> None:
    done = start("status", lake=lake)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"error: there is no lake at `{lake}`\n"
        "next: name the lake with --lake or the setting BEDROT_LAKE, "
        "or make one with `bedrot init`\n"
    )


def test_a_held_lake_ends_with_4_and_says_who_holds_it(filled: Path) -> None:
    with FileLock(filled / ".work" / "lake.lock"):
        done = start("run", lake=filled)
    assert done.returncode == 4
    assert "the lake is held by another process" in done.stderr


def test_a_refused_file_ends_with_3(lake: Path, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7")
    assert start("import", tmp_path / "x.pdf", lake=lake).returncode == 3


def test_the_lake_option_outranks_the_setting(bedrot: Command, lake: Path, tmp_path: Path) -> None:
    told = bedrot("init", "--lake", tmp_path / "other", "--json").document
    assert told["lake"] == str(tmp_path / "other")
    assert not lake.exists()


def test_a_wrong_setting_is_named(bedrot: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEDROT_LOG_LEVEL", "loud")
    told = bedrot("status", code=2)
    assert "BEDROT_LOG_LEVEL" in told.err


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (IntegrityError("bytes differ", next_step="look"), 5),
        (KeyboardInterrupt(), 130),
        (OSError(28, "No space left on device"), 1),
    ],
)
def test_every_end_has_its_exit_code_and_no_traceback(raised: BaseException, code: int) -> None:
    app = typer.Typer(cls=CommandGroup)

    @app.command()
    def fail() -> None:
        raise raised

    @app.command()
    def other() -> None: ...

    done = CliRunner().invoke(app, ["fail"])
    assert done.exit_code == code
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_help_tells_the_exit_codes(bedrot: Command) -> None:
    told = bedrot("--help").out
    assert "another process holds the lake" in told
    assert "imported, but some files were set aside or refused" in told


def test_every_command_explains_itself_with_an_example(bedrot: Command) -> None:
    from bedrot.cli.main import app

    names = [command.name for command in app.registered_commands]
    assert "import" in names
    for name in names:
        assert "Examples:" in bedrot(name, "--help").out, name
