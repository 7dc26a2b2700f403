"""`python -m benchmarks.many_processes FOLDER`: one process beside fifteen that import pandas.

A pipeline of small scripts pays for its imports once per script, before any of them reads a byte.
Here a folder of landing files is imported, run and published in one process, beside fifteen that
do nothing but start and import pandas, one after the other. What the process takes before it sees a
file is measured beside: starting, and reading the contracts of all tables.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import Measured, add, keep, measure, say

_PROCESSES = 15
_AIM = 0.2
_START = """
import deltalake, duckdb, bedrot.app
from bedrot.marts import all_marts
from bedrot.pipeline import importing, running
for table in (*running.all_streams(), *all_marts()):
    table.definition_id
"""


def main() -> None:
    """Measure, print, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, help="a folder of landing files")
    told = parser.parse_args()
    say(f"{_PROCESSES} processes that import pandas")
    pandas = add(*(measure([sys.executable, "-c", "import pandas"]) for _ in range(_PROCESSES)))
    say("one process: its start alone")
    start = measure([sys.executable, "-c", _START])
    say("one process: import, run, publish")
    with TemporaryDirectory(prefix="bedrot-bench-") as folder:
        lake = Path(folder, "lake")
        ours = measure([sys.executable, "-m", "benchmarks.one_process", lake, told.files])
    _print(pandas, start, ours)
    keep(
        "many-processes",
        {
            "figures": {"pandas": asdict(pandas), "start": asdict(start), "ours": asdict(ours)},
            "wall_ratio": ours.wall / pandas.wall,
            "cpu_ratio": ours.cpu / pandas.cpu,
            "aim": _AIM,
        },
    )


def _print(pandas: Measured, start: Measured, ours: Measured) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("what", "wall s", "CPU s", "peak MB", title="Many processes, or one")
    told = {
        f"{_PROCESSES} x import pandas": pandas,
        "our start alone": start,
        "import and run": ours,
    }
    for name, one in told.items():
        table.add_row(name, f"{one.wall:.2f}", f"{one.cpu:.2f}", f"{one.peak_mb:.0f}")
    Console().print(table)
    ratio = ours.wall / pandas.wall
    verdict = "met" if ratio <= _AIM else "MISSED"
    Console().print(f"wall: {ratio:.2f} of the fifteen; aim <= {_AIM}: {verdict}")


if __name__ == "__main__":
    main()
