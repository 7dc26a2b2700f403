"""`python -m benchmarks [--lines N …]`: the earnings path against two yardsticks.

Prints a table and keeps the figures as JSON in `benchmarks/results/`. Every step is a process of
its own, started as a user would start it. Ratios count, not seconds: both sides run on the same
machine within minutes.
"""

from __future__ import annotations

import argparse
import dataclasses
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from bedrot.simulate.bulk import bulk_truth, write_cumulative, write_months
from benchmarks.measuring import Measured, add, keep, measure, say

MONTHS = 24
_STORES = Path(str(resources.files("bedrot.sources.distrokid") / "aliases/distrokid_stores.csv"))
_BEDROT = [sys.executable, "-m", "bedrot"]


def main() -> None:
    """Run the benchmark at each size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--lines", type=int, nargs="+", default=[1_000_000, 20_000_000])
    parser.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    parser.add_argument("--no-pandas", action="store_true", help="leave yardstick (b) out")
    told = parser.parse_args()
    for lines in told.lines:
        with TemporaryDirectory(dir=told.folder, prefix="bedrot-bench-") as folder:
            figures = _measure_all(Path(folder), lines, with_pandas=not told.no_pandas)
        _print(lines, figures)
        keep(
            f"earnings-{lines}",
            {
                "lines": lines,
                "months": MONTHS,
                "figures": {name: asdict(measured) for name, measured in figures.items()},
                "aims": [list(row) for row in _aims(figures)],
            },
        )


def _measure_all(folder: Path, lines: int, *, with_pandas: bool) -> dict[str, Measured]:
    all_lines = lines * (MONTHS + 1) // MONTHS
    say(f"write {MONTHS + 1} monthly files with {all_lines:,} lines")
    months = folder / "months"
    months.mkdir()
    files = sorted(write_months(months, lines=all_lines, months=MONTHS + 1))
    first, new = files[:MONTHS], files[MONTHS:]
    figures: dict[str, Measured] = {}

    say("(a) bare DuckDB")
    module = ["-m", "benchmarks.bare_duckdb", str(folder / "bare")]
    figures["bare"] = measure([sys.executable, *module, *map(str, first)])
    shutil.rmtree(folder / "bare")
    if with_pandas:
        say("(b) pandas")
        module = ["-m", "benchmarks.plain_pandas", str(folder / "pandas"), str(_STORES)]
        figures["pandas"] = measure([sys.executable, *module, *map(str, first)])
        shutil.rmtree(folder / "pandas")

    lake = folder / "lake"
    say("monthly files: import")
    figures["import"] = _bedrot(lake, "import", *map(str, first))
    say("monthly files: run")
    figures["run"] = _bedrot(lake, "run")
    figures["whole"] = add(figures["import"], figures["run"])
    _check(lake, lines=all_lines, months=MONTHS)
    say("nothing new")
    figures["nothing new"] = _bedrot(lake, "run")
    say("one new month")
    month = add(_bedrot(lake, "import", *map(str, new)), _bedrot(lake, "run"))
    figures["new month"] = _without(month, *new)
    _check(lake, lines=all_lines, months=MONTHS + 1)
    shutil.rmtree(lake)
    for file in files:
        file.unlink()

    say("cumulative exports")
    old, larger = folder / "dk_20250601_000000.tsv", folder / "dk_20250701_000000.tsv"
    write_cumulative(old, lines=all_lines, months=MONTHS, of_months=MONTHS + 1)
    figures["cumulative"] = add(_bedrot(lake, "import", str(old)), _bedrot(lake, "run"))
    old.unlink()
    _check(lake, lines=all_lines, months=MONTHS)
    write_cumulative(larger, lines=all_lines, months=MONTHS + 1)
    grown = add(_bedrot(lake, "import", str(larger)), _bedrot(lake, "run"))
    figures["cumulative, a month more"] = _without(grown, larger)
    _check(lake, lines=all_lines, months=MONTHS + 1)
    return figures


def _without(measured: Measured, *payloads: Path) -> Measured:
    """Exports are kept as they came; what counts is what is written because of them."""
    kept = sum(path.stat().st_size for path in payloads)
    return dataclasses.replace(measured, written=measured.written - kept)


def _bedrot(lake: Path, *arguments: str) -> Measured:
    return measure([*_BEDROT, *arguments, "--lake", str(lake)], watched=lake)


def _check(lake: Path, *, lines: int, months: int) -> None:
    """A fast wrong answer is none."""
    from bedrot.app import open_lake
    from bedrot.pipeline.reading import query

    truth = bulk_truth(lines=lines, months=months, of_months=MONTHS + 1)
    row = query(
        open_lake(lake), "select count(*) as rows, sum(net_usd) as net from fct_royalty_line"
    ).to_pylist()[0]
    if (row["rows"], Decimal(row["net"])) != (truth.rows, truth.net):
        msg = f"the lake holds {row}, the truth is {truth}"
        raise RuntimeError(msg)


def _print(lines: int, figures: dict[str, Measured]) -> None:
    from bedrot.cli.output import print_table

    bare, whole = figures["bare"], figures["whole"]
    rows = [
        (
            name,
            f"{m.cpu:.1f}",
            f"{m.wall:.1f}",
            f"{m.peak_mb:.0f}",
            f"{m.written / 1e6:.1f}",
            f"{m.cpu / bare.cpu:.2f}",
            f"{m.cpu / whole.cpu:.3f}",
        )
        for name, m in figures.items()
    ]
    print_table(
        f"{lines:,} lines in {MONTHS} monthly files",
        ["job", "CPU s", "wall s", "peak MB", "MB written", "CPU / (a)", "CPU / whole"],
        rows,
    )
    print_table("Aims", ["what", "got", "aim", ""], _aims(figures))


def _aims(figures: dict[str, Measured]) -> Sequence[tuple[str, str, str, str]]:
    bare, whole = figures["bare"], figures["whole"]
    peak = max(m.peak_mb for name, m in figures.items() if name not in {"bare", "pandas"})
    grown, month = figures["cumulative, a month more"], figures["new month"]
    rows = [
        ("parse to staging / (a), CPU", figures["import"].cpu / bare.cpu, 1.5),
        ("whole run / (a), CPU", whole.cpu / bare.cpu, 5.0),
        ("peak memory, MB", peak, 2048.0),
        ("nothing new, wall s", figures["nothing new"].wall, 2.0),
        ("new month by a monthly file / whole, CPU", month.cpu / whole.cpu, 1 / 8),
        ("new month by a cumulative export / whole, CPU", grown.cpu / whole.cpu, 1 / 2),
        ("its bytes written / those of the monthly file", grown.written / month.written, 2.0),
    ]
    if "pandas" in figures:
        rows.insert(2, ("whole run / (b), CPU", whole.cpu / figures["pandas"].cpu, 0.8))
    return [
        (name, f"{got:.3g}", f"<= {aim:.3g}", "met" if got <= aim else "MISSED")
        for name, got, aim in rows
    ]


if __name__ == "__main__":
    main()
