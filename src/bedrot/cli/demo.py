"""`bedrot demo`: a synthetic label, from its exports to a report that can be checked."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from bedrot.cli.demo_facts import hold_facts
from bedrot.cli.demo_join import joined
from bedrot.cli.demo_report import DemoResult, document, report
from bedrot.cli.demo_truth import compare, published
from bedrot.cli.options import JsonOption, LakeOption
from bedrot.cli.output import print_json, progress
from bedrot.errors import IntegrityError, LakeNotFoundError

if TYPE_CHECKING:
    from bedrot.observe.progress import Progress
    from bedrot.pipeline.bringing import Imported
    from bedrot.simulate.world import World
    from bedrot.zones.lake import Lake

DEFAULT_LAKE = Path("demo-lake")
MARK = "demo.json"


def demo(
    *,
    lake: LakeOption = None,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="Another number makes another label.")
    ] = 1,
    as_json: JsonOption = False,
) -> None:
    """Show the lake at work on a synthetic label, and check it to the last digit.

    Invents artists, recordings, royalties, campaigns, videos and a link page,
    with what ads truly cause, and writes all of it in the formats of the five
    platforms (overlapping, filtered, in several layouts, some cut off, some of
    them sign-in pages). Imports and runs the files in a fresh lake, and
    compares every fact that it publishes with what was invented.

    The lake is --lake or BEDROT_LAKE, else ./demo-lake. An earlier demo lake
    is made anew; a lake or folder that holds anything else is not touched.

    Examples:
      bedrot demo
      bedrot demo --lake /tmp/try --seed 7
    """
    from bedrot.app import create_lake

    path = _place(lake)
    _clear(path)
    made, _ = create_lake(path)
    result = _shown(made, path, seed)
    if as_json:
        print_json(document(result))
    else:
        report(made, result)
    wrong = [check.full_name for check in result.compared if not check.is_equal]
    if wrong:
        msg = f"the lake differs from the truth in: {', '.join(wrong)}"
        raise IntegrityError(msg, next_step="please report this with the seed")


def _shown(lake: Lake, path: Path, seed: int) -> DemoResult:
    """Invent a world, bring its files in, and hold what is published against it."""
    from bedrot.app import clock
    from bedrot.pipeline.running import run
    from bedrot.simulate.demo import write_inbox
    from bedrot.simulate.world import advertised, make_world

    with progress() as drawn:
        drawn.step("invent a label and its platforms", 0, 3)
        world = make_world(seed)
        with TemporaryDirectory(prefix="bedrot-demo-") as folder:
            inbox = write_inbox(Path(folder, "inbox"), world)
            imported = _import(lake, inbox.folder, drawn)
        _mark(lake, imported)
        outcome = run(lake, clock=clock, progress=drawn)
        streams, facts = published(lake), hold_facts(lake, inbox)
    return DemoResult(
        path=path,
        imported=imported,
        outcome=outcome,
        compared=compare(lake, inbox, imported, streams, facts),
        streams=streams,
        facts=facts,
        joined=joined(lake, advertised(world)),
        caused=_caused(world),
    )


def _caused(world: World) -> int:
    """The streams at Spotify that the shown campaign truly caused, up to now."""
    from bedrot.simulate.world import LAST_DAY

    streams = world.effects[0].streams["Spotify"]
    return sum(count for day, count in streams.items() if day <= LAST_DAY)


def _place(lake: Path | None) -> Path:
    """The stated lake, or the demo's own: the demo never makes ./lake by default."""
    from bedrot.app import settings

    if lake is not None:
        return lake
    told = settings()
    return told.lake if "lake" in told.model_fields_set else DEFAULT_LAKE


def _clear(path: Path) -> None:
    """Remove an earlier demo lake that nobody has added anything to."""
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    if not _holds_only_a_demo(path):
        msg = f"`{path}` holds something else than an untouched demo"
        raise LakeNotFoundError(msg, next_step="name another folder: `bedrot demo --lake FOLDER`")
    shutil.rmtree(path)


def _holds_only_a_demo(path: Path) -> bool:
    import json

    from bedrot.app import open_lake
    from bedrot.zones.landing import capture_id_of, capture_keys
    from bedrot.zones.store import LocalStore

    mark = path / MARK
    if not mark.is_file():
        return False
    captures = set(json.loads(mark.read_text(encoding="utf-8"))["captures"])
    lake = open_lake(path)
    assert isinstance(lake.store, LocalStore)  # noqa: S101 - a folder was opened
    return {capture_id_of(key) for key in capture_keys(lake)} <= captures


def _mark(lake: Lake, imported: Sequence[Imported]) -> None:
    """Remember what the demo brought in, so that it can tell later what it did not."""
    import json

    from bedrot.zones.landing import capture_id_of, capture_keys

    captures = sorted(capture_id_of(key) for key in capture_keys(lake))
    text = json.dumps({"captures": captures, "files": len(imported)}, indent=1) + "\n"
    lake.store.create(MARK, text.encode())


def _import(lake: Lake, inbox: Path, drawn: Progress) -> list[Imported]:
    from bedrot.app import clock
    from bedrot.pipeline.bringing import Stated
    from bedrot.pipeline.importing import import_paths

    total = sum(1 for file in inbox.rglob("*") if file.is_file())
    done: list[Imported] = []
    for imported in import_paths(lake, [inbox], stated=Stated(), now=clock):
        done.append(imported)
        drawn.step(f"import {Path(imported.shown).name}", min(len(done), total), total)
    return done
