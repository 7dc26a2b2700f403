"""`bedrot demo`: a synthetic label, from its exports to a report that can be checked."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedrot.cli.options import JsonOption, LakeOption
from bedrot.cli.output import print_json, print_table, progress, say
from bedrot.errors import IntegrityError, LakeNotFoundError

if TYPE_CHECKING:
    from bedrot.observe.progress import Progress
    from bedrot.pipeline.importing import Imported
    from bedrot.pipeline.running import RunOutcome
    from bedrot.simulate.label import Truth
    from bedrot.zones.lake import Lake

DEFAULT_LAKE = Path("demo-lake")
MARK = "demo.json"
_BAR_WIDTH = 40

_CHECKS = (
    ("lines", "count(*)"),
    ("net USD", "sum(net_usd)"),
    ("sales USD", "sum(case when line_type = 'sale' then net_usd end)"),
    ("deductions USD", "sum(case when line_type = 'deduction' then net_usd end)"),
    ("sale units", "sum(case when line_type = 'sale' then units end)"),
)


def demo(
    *,
    lake: LakeOption = None,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="Another number makes another label.")
    ] = 1,
    as_json: JsonOption = False,
) -> None:
    """Show the lake at work on a synthetic label, and check it to the last digit.

    Invents artists, recordings and two years of royalties, writes them as the
    distributor's own exports (overlapping, filtered, in two layouts, one cut
    off, one of them a sign-in page), imports and runs them in a fresh lake,
    and compares what it publishes with what was invented.

    The lake is --lake or BEDROT_LAKE, else ./demo-lake. An earlier demo lake
    is made anew; a lake or folder that holds anything else is not touched.

    Examples:
      bedrot demo
      bedrot demo --lake /tmp/try --seed 7
    """
    from bedrot.app import clock, create_lake
    from bedrot.pipeline.running import run
    from bedrot.simulate.demo import write_inbox
    from bedrot.simulate.label import make_label

    path = _place(lake)
    _clear(path)
    with progress() as drawn:
        drawn.step("invent a label", 0, 3)
        label = make_label(seed)
        made, _ = create_lake(path)
        with TemporaryDirectory(prefix="bedrot-demo-") as folder:
            inbox = write_inbox(Path(folder, "inbox"), label)
            imported = _import(made, inbox.folder, drawn)
        _mark(made, imported)
        outcome = run(made, clock=clock, progress=drawn)
    compared = _compare(made, label.truth)
    if as_json:
        print_json(_document(path, imported, outcome, compared))
    else:
        _report(made, path, imported, outcome, compared)
    wrong = [check.name for check in compared if check.lake != check.truth]
    if wrong:
        msg = f"the lake differs from the truth in: {', '.join(wrong)}"
        raise IntegrityError(msg, next_step="please report this with the seed")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    name: str
    lake: Decimal
    truth: Decimal


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
    from bedrot.pipeline.importing import Stated, import_paths

    total = sum(1 for file in inbox.rglob("*") if file.is_file())
    done: list[Imported] = []
    for imported in import_paths(lake, [inbox], stated=Stated(), now=clock):
        done.append(imported)
        drawn.step(f"import {Path(imported.shown).name}", min(len(done), total), total)
    return done


def _compare(lake: Lake, truth: Truth) -> list[_Check]:
    from bedrot.pipeline.reading import query

    listed = ", ".join(f'{expression} as "{name}"' for name, expression in _CHECKS)
    row = query(lake, f"select {listed} from fct_royalty_line").to_pylist()[0]
    expected: dict[str, Decimal | int] = {
        "lines": truth.rows,
        "net USD": truth.net,
        "sales USD": truth.sales,
        "deductions USD": truth.deductions,
        "sale units": truth.sale_units,
    }
    checks = [
        _Check(name=name, lake=Decimal(row[name] or 0), truth=Decimal(expected[name]))
        for name, _ in _CHECKS
    ]
    months = query(
        lake, "select sale_month, sum(net_usd) as net from rpt_revenue_monthly group by sale_month"
    ).to_pylist()
    by_month = {month["sale_month"]: month["net"] for month in months}
    return [
        *checks,
        *(
            _Check(name=f"net USD of {month}", lake=by_month.get(month, Decimal(0)), truth=net)
            for month, net in sorted(truth.by_sale_month.items())
        ),
    ]


def _report(
    lake: Lake,
    path: Path,
    imported: Sequence[Imported],
    outcome: RunOutcome,
    compared: Sequence[_Check],
) -> None:
    say("What came in", style="bold")
    print_table(
        None,
        ["file", "what", "lines", "net USD", "layout or kind"],
        [
            (
                _file(one),
                one.outcome.replace("_", " "),
                one.rows,
                one.amount,
                one.layout or one.kind or f"{one.source}.{one.stream}",
            )
            for one in imported
        ],
    )
    aside = [one for one in imported if one.outcome == "set_aside"]
    say()
    say(f"Set aside: {len(aside)} files, and nothing else is held up by them", style="bold")
    for one in aside:
        say(f"  {_file(one)}: {one.reason}")
        say(f"    next: {one.next_step}")
    _say_findings(outcome)
    say()
    say("Revenue by sale month, net USD (the newest months are still incomplete)", style="bold")
    _chart([(c.name[-7:], c.lake) for c in compared if c.name.startswith("net USD of ")])
    say()
    totals = [check for check in compared if not check.name.startswith("net USD of ")]
    months = [check for check in compared if check.name.startswith("net USD of ")]
    equal = sum(check.lake == check.truth for check in months)
    rows: list[tuple[str, Decimal, Decimal, str]] = [
        (c.name, c.lake, c.truth, "equal" if c.lake == c.truth else "DIFFERS") for c in totals
    ]
    print_table("Lake against truth, to the last digit", ["", "lake", "truth", ""], rows)
    say(f"and {equal} of {len(months)} sale months are equal")
    say()
    here = " (in this checkout: `uv run bedrot`, or `.venv/bin/bedrot`)"
    say("Try next" + (here if Path(".venv/bin/bedrot").exists() else ""), style="bold")
    where = "" if path == Path("lake") else f" --lake {path}"
    for command in (
        "status",
        "quarantine list",
        'sql "select store, sum(net_usd) as net_usd from fct_royalty_line group by store"',
        "diff fct_royalty_line",
        f'explain rpt_revenue_monthly --where "{_some_cell(lake)}"',
        "lineage rpt_revenue_monthly.net_usd",
        "verify",
    ):
        say(f"  bedrot {command}{where}")


def _file(one: Imported) -> str:
    """The file below the inbox, with its way through archives."""
    return one.shown.split("inbox", 1)[-1].lstrip("/\\")


def _say_findings(outcome: RunOutcome) -> None:
    """Say each kind of warning once, with the number of files that it was found in."""
    from bedrot.catalog.records import Standing

    found: dict[str, list[Standing]] = {}
    for told in outcome.record.standings:
        standing = Standing.from_dict(told)
        if standing.status == "warning":
            found.setdefault(standing.code, []).append(standing)
    for standings in found.values():
        example = standings[-1].seen.partition(";")[0]
        say(f"Said aloud, in {len(standings)} files: {standings[-1].reason} ({example})")
    changed = next((c.state.rows for c in outcome.changes if c.table.endswith("_restatements")), 0)
    say(f"Restated by a later export: {changed} (see `bedrot diff fct_royalty_line`)")


def _chart(months: Sequence[tuple[str, Decimal]]) -> None:
    highest = max((amount for _, amount in months), default=Decimal(0))
    for month, amount in months:
        width = int(amount / highest * _BAR_WIDTH) if highest > 0 else 0
        say(f"  {month}  {'█' * width or '▏':<{_BAR_WIDTH}}  {amount.quantize(_CENT):>10f}")


_CENT = Decimal("0.01")


def _some_cell(lake: Lake) -> str:
    """A condition that picks a report cell worth explaining: one with a deduction."""
    from bedrot.pipeline.reading import query

    rows = query(
        lake,
        "select recording_key, country_code, sale_month from rpt_revenue_monthly "
        "where deducted_units > 0 and country_code is not null and isrc is not null "
        "order by net_usd desc, recording_key, country_code, sale_month limit 1",
    ).to_pylist()
    if not rows:
        return "sale_month = '2025-01'"
    row = rows[0]
    return (
        f"isrc = '{row['recording_key']}' and country_code = '{row['country_code']}' "
        f"and sale_month = '{row['sale_month']}' and store = 'Spotify'"
    )


def _document(
    path: Path,
    imported: Sequence[Imported],
    outcome: RunOutcome,
    compared: Sequence[_Check],
) -> dict[str, Any]:
    return {
        "lake": str(path),
        "imported": list(imported),
        "release": outcome.record.release,
        "checks": [
            {"name": c.name, "lake": c.lake, "truth": c.truth, "is_equal": c.lake == c.truth}
            for c in compared
        ],
        "is_equal": all(check.lake == check.truth for check in compared),
    }
