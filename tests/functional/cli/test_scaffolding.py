"""A new source is complete at once, under a name that can be used, and never over anything."""

from __future__ import annotations

import importlib
import json
import os
import runpy
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bedrot.engine.portability import lint_sql
from bedrot.engine.session import connect
from bedrot.merge import MERGED_KINDS
from bedrot.scaffold.naming import DEFAULT_STREAMS, new_source
from bedrot.scaffold.writing import NewFile, new_files, place_of_its_own, write_files

Command = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What of a checkout the command looks for, as the working folder."""
    root = tmp_path / "checkout"
    for package in ("sources", "testing"):
        (root / "src" / "bedrot" / package).mkdir(parents=True)
        (root / "src" / "bedrot" / package / "__init__.py").touch()
    (root / "src" / "bedrot" / "testing" / "source_suite.py").touch()  # ruff asks whose it is
    (root / "tests" / "unit" / "sources").mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", root)
    monkeypatch.chdir(root)
    return root


def test_all_kinds_that_can_be_merged_can_be_made() -> None:
    assert tuple(DEFAULT_STREAMS) == MERGED_KINDS


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Acme", "is no name for a source"),
        ("1acme", "is no name for a source"),
        ("ac-me", "is no name for a source"),
        ("ac__me", "is no name for a source"),
        ("acme_", "is no name for a source"),
        ("acmé", "is no name for a source"),
        ("acme\n", "is no name for a source"),
        ("../acme", "is no name for a source"),
        ("a" * 31, "is no name for a source"),
        ("class", "is reserved"),
        ("con", "is reserved"),
        ("bedrot", "is reserved"),
        ("distrokid", "there is a source `distrokid` already"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(
    bedrot: Command, tmp_path: Path, name: str, why: str
) -> None:
    told = bedrot("new-source", name, "--into", tmp_path / "made", code=2)
    assert why in told.err
    assert "next: " in told.err
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("stream", ["Sales", "sa__les", "source", "import", ""])
def test_a_stream_that_cannot_be_named_so_is_refused(
    bedrot: Command, tmp_path: Path, stream: str
) -> None:
    told = bedrot("new-source", "acme", "--stream", stream, "--into", tmp_path / "made", code=2)
    assert "no name for a stream" in told.err
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    "title", ["", " Acme", 'The "Acme"', "a: b", "a\nb", "{{x}}", "\u0412\u0435", "x" * 61]
)
def test_a_title_that_would_break_a_file_is_refused(
    bedrot: Command, tmp_path: Path, title: str
) -> None:
    told = bedrot("new-source", "acme", "--title", title, "--into", tmp_path / "made", code=2)
    assert "as a title" in told.err
    assert not (tmp_path / "made").exists()


def test_a_kind_that_there_is_not_is_refused(bedrot: Command, tmp_path: Path) -> None:
    told = bedrot("new-source", "acme", "--kind", "mart", "--into", tmp_path / "made", code=2)
    assert "next: the kinds are: ledger, flow, window, lifetime, stock, dimension" in told.err
    assert not (tmp_path / "made").exists()


def test_a_folder_that_holds_something_is_not_touched(bedrot: Command, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    told = bedrot("new-source", "acme", "--into", tmp_path / "full", code=2)
    assert "is not empty; nothing was written" in told.err
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["notes.txt"]


def test_a_file_is_no_folder(bedrot: Command, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    assert "is no folder" in bedrot("new-source", "acme", "--into", tmp_path / "taken", code=2).err
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.parametrize("folder", ["src/bedrot/sources/acme", "tests/unit/sources/acme"])
def test_in_a_checkout_both_folders_have_to_be_free(
    bedrot: Command, checkout: Path, folder: str
) -> None:
    (checkout / folder).mkdir()
    (checkout / folder / "notes.txt").write_text("mine")
    before = sorted(checkout.rglob("*"))
    assert "is not empty" in bedrot("new-source", "acme", code=2).err
    assert sorted(checkout.rglob("*")) == before


def test_outside_of_a_checkout_a_folder_has_to_be_named(
    bedrot: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = bedrot("new-source", "acme", code=2)
    assert "next: make a package of its own: `bedrot new-source acme --into FOLDER`" in told.err
    assert list(tmp_path.iterdir()) == []


def test_a_checkout_gets_two_folders_wherever_in_it_one_is(
    bedrot: Command, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(checkout.rglob("*"))
    monkeypatch.chdir(checkout / "tests")
    told = bedrot("new-source", "acme", "--json").document
    new = {path for path in set(checkout.rglob("*")) - before if path.is_file()}
    assert {path.relative_to(checkout).as_posix() for path in new} == set(told["files"])
    assert {str(Path(name).parent) for name in told["files"]} == {
        "src/bedrot/sources/acme",
        "src/bedrot/sources/acme/contracts",
        "tests/unit/sources/acme",
    }


def test_it_says_what_to_do_next(bedrot: Command, checkout: Path) -> None:
    told = bedrot("new-source", "acme_music", "--kind", "stock").out.splitlines()
    assert told[0] == f"made the source `acme_music` in `{checkout}`"
    assert "  src/bedrot/sources/acme_music/followers.sql" in told
    assert "its stream `followers` fills `stg_acme_music__followers`, of the kind stock" in told
    assert "  src/bedrot/sources/acme_music/synthetic.py: lines 12, 13" in told
    assert "its figures are about a moment: a stamp in a file's name or `--as-of` tells it" in told
    assert told[-3:] == [
        "next: `uv run pytest tests/unit/sources/acme_music`",
        "next: `make docs`",
        "next: `make check`",
    ]


@pytest.mark.parametrize("kind", MERGED_KINDS)
def test_the_lines_that_it_names_hold_the_headers(
    bedrot: Command, tmp_path: Path, kind: str
) -> None:
    told = bedrot("new-source", "acme", "--kind", kind, "--into", tmp_path, "--json").document
    assert len(told["header_lines"]) == 2
    for name, numbers in told["header_lines"].items():
        lines = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        named = [n for n, line in enumerate(lines, 1) if "[acme " in line or '"acme ' in line]
        assert named == numbers != []


def test_a_name_is_put_in_everywhere(tmp_path: Path) -> None:
    for kind in MERGED_KINDS:
        source = new_source("acme", title=None, stream=None, kind=kind, taken=())
        files = new_files(source, place_of_its_own(source, tmp_path), version="1.0")
        assert not [file.path for file in files if "{{" in file.text or "}}" in file.text]


def test_what_cannot_be_written_whole_is_not_written(tmp_path: Path) -> None:
    source = new_source("acme", title=None, stream=None, kind="flow", taken=())
    place = place_of_its_own(source, tmp_path)
    files = new_files(source, place, version="1.0")
    impossible = NewFile(path=files[-1].path / "below", text="", header_lines=())
    with pytest.raises(OSError, match="test_daily"):
        write_files(place, [*files, impossible])
    assert list(tmp_path.iterdir()) == []


# The longest names move every line that the formatter might break; `calendar` is a module of
# Python's own, and the title has a sign of each sort that a title may have.
NAMES = [
    ("acme", "Acme", None),
    ("calendar", "Ünder & Over's No. 1 - Côte+", "a2"),
    ("a" * 30, "W" * 60, "b" * 30),
]


def test_what_is_made_in_a_checkout_passes_the_house_rules(bedrot: Command, checkout: Path) -> None:
    for name, title, stream in NAMES:
        bedrot("new-source", name, "--title", title, *(["--stream", stream] if stream else []))
    for kind in MERGED_KINDS:
        bedrot("new-source", f"zeta_{kind}", "--kind", kind)
    assert ruff(checkout) == ""


def test_what_is_made_as_a_package_passes_its_own_rules(bedrot: Command, tmp_path: Path) -> None:
    for name, title, stream in NAMES:
        options = ["--title", title, *(["--stream", stream] if stream else [])]
        bedrot("new-source", name, *options, "--into", tmp_path / "made" / name)
    for kind in MERGED_KINDS:
        bedrot("new-source", "zeta", "--kind", kind, "--into", tmp_path / "made" / kind)
    assert ruff(tmp_path / "made") == ""


def ruff(folder: Path) -> str:
    """What ruff finds and what it would write otherwise; nothing where all is well."""
    commands = (["check", "--quiet"], ["format", "--check", "--quiet"])
    done = [
        subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "."],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        for command in commands
    ]
    return "".join(one.stdout + one.stderr for one in done)


@pytest.fixture
def made(bedrot: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes a source of a kind, and imports a module of it."""

    def make(kind: str, module: str = "") -> Any:
        name = f"made_{kind}"
        folder = tmp_path / name
        if not folder.exists():
            bedrot("new-source", name, "--kind", kind, "--into", folder)
            monkeypatch.syspath_prepend(str(folder / "src"))
        return importlib.import_module(f"bedrot_{name}{module}")

    yield make
    for name in [name for name in sys.modules if name.startswith("bedrot_made_")]:
        del sys.modules[name]


@pytest.mark.parametrize("kind", MERGED_KINDS)
def test_every_kind_reads_its_own_synthetic_export(
    made: Any, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], kind: str
) -> None:
    [stream] = made(kind).SOURCE.streams
    runpy.run_module(f"bedrot_made_{kind}.synthetic", run_name="__main__")
    export = tmp_path / "export.csv"
    sys.stdout.flush()
    export.write_bytes(capfdbinary.readouterr().out)
    assert stream.contract.kind == kind
    assert lint_sql(stream.sql) == []
    assert stream.recognise(export, stream) is not None
    con = connect(threads=1)
    found = stream.read(con, export, stream, tmp_path, frozenset())
    rows = con.sql(stream.sql).fetchall()
    con.close()
    assert len(rows) == len(made(kind, ".synthetic").EXAMPLE)
    assert (found.unknown_headers, found.missing_headers) == ((), ())


TRY_ALL = """
import importlib, json, sys
from datetime import UTC, datetime
from pathlib import Path
import pytest

folder, kinds = Path(sys.argv[1]), sys.argv[2:]
status = pytest.main([str(folder / "ledger"), "-q", "-p", "no:cacheprovider"])
assert status == 0, status

from bedrot.app import create_lake
from bedrot.pipeline.bringing import Stated
from bedrot.pipeline.importing import import_paths
from bedrot.pipeline.reading import query
from bedrot.pipeline.running import run

(folder / "exports").mkdir()
for kind in kinds:
    synthetic = importlib.import_module(f"bedrot_zeta_{kind}.synthetic")
    export = synthetic.write_export(synthetic.EXAMPLE)
    (folder / "exports" / f"{kind}.csv").write_bytes(export)
now = lambda: datetime(2026, 1, 1, tzinfo=UTC)
stated = Stated(as_of=datetime(2025, 7, 1, tzinfo=UTC))
lake, _ = create_lake(folder / "lake")
told = list(import_paths(lake, [folder / "exports"], stated=stated, now=now))
run(lake, clock=now)
ask = lambda sql: query(lake, sql).to_pylist()[0]["answer"]
print(json.dumps({
    "outcomes": [one.outcome for one in told],
    "rows": {
        one.source: ask(f"select count(*) as answer from stg_{one.source}__{one.stream}")
        for one in told
    },
    "net": ask("select cast(sum(net_usd) as varchar) as answer from stg_zeta_ledger__sales"),
}))
"""


@pytest.mark.soak
def test_its_tests_pass_and_every_kind_reaches_its_table(bedrot: Command, tmp_path: Path) -> None:
    site = tmp_path / "site"
    paths = [str(site), os.environ.get("PYTHONPATH", "")]
    for kind in MERGED_KINDS:
        bedrot("new-source", f"zeta_{kind}", "--kind", kind, "--into", tmp_path / kind)
        paths.append(str(tmp_path / kind / "src"))
        install(tmp_path / kind, site)
    done = subprocess.run(
        [sys.executable, "-c", TRY_ALL, str(tmp_path), *MERGED_KINDS],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["outcomes"] == ["landed"] * len(MERGED_KINDS)
    assert told["rows"] == {
        "zeta_ledger": 4,
        "zeta_flow": 4,
        "zeta_window": 3,
        "zeta_lifetime": 3,
        "zeta_stock": 3,
        "zeta_dimension": 3,
    }
    assert Decimal(told["net"]) == Decimal("0.384401")


def install(folder: Path, site: Path) -> None:
    """Leave what an installer would: the package's metadata, with the entry point it declares."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    metadata = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    points = project["entry-points"]["bedrot.sources"]
    lines = [f"{name} = {value}\n" for name, value in points.items()]
    (metadata / "entry_points.txt").write_text("[bedrot.sources]\n" + "".join(lines))
