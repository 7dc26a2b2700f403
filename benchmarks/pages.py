"""`python -m benchmarks.pages [--pages N]`: what one more daily page costs in a lake that has many.

A page a day, of the two stores by turns, each with the trailing year. Every page is imported and
run by itself, as a daily job would; the tenth and the last are processes of their own, started as a
user would start them, and measured.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bedrot.sources.distrokid.synthetic_pages import (
    Frame,
    Item,
    apple_page,
    page_name,
    spotify_page,
)
from benchmarks.measuring import Measured, add, keep, measure, say

_FIRST = 10
_START = date(2025, 1, 1)
_BEDROT = [sys.executable, "-m", "bedrot"]
_AIM = 2.0


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    told = parser.parse_args()
    with TemporaryDirectory(dir=told.folder, prefix="bedrot-bench-") as folder:
        figures = _measure_all(Path(folder), told.pages)
    _print(told.pages, figures)
    keep(
        f"pages-{told.pages}",
        {
            "pages": told.pages,
            "figures": {name: asdict(measured) for name, measured in figures.items()},
            "cpu_ratio": _ratio(figures),
            "aim": _AIM,
        },
    )


def _measure_all(folder: Path, count: int) -> dict[str, Measured]:
    inbox, lake = folder / "inbox", folder / "lake"
    inbox.mkdir()
    pages = [_write(inbox, number) for number in range(count)]
    figures = {}
    for measured, before in ((_FIRST, 0), (count, _FIRST)):
        say(f"pages {before + 1} to {measured - 1}, one by one")
        _bring(lake, pages[before : measured - 1])
        say(f"page {measured}")
        page = str(pages[measured - 1])
        brought = measure([*_BEDROT, "import", page, "--lake", str(lake)], watched=lake)
        ran = measure([*_BEDROT, "run", "--lake", str(lake)], watched=lake)
        figures[f"page {measured}"] = add(brought, ran)
    _check(lake, count)
    return figures


def _bring(lake: Path, pages: list[Path]) -> None:
    """Each page imported and run by itself; one process, to save the start of hundreds."""
    from bedrot.app import clock, create_lake
    from bedrot.pipeline.bringing import Stated
    from bedrot.pipeline.importing import import_paths
    from bedrot.pipeline.running import run

    opened, _ = create_lake(lake)
    for number, page in enumerate(pages):
        outcomes = [one.outcome for one in import_paths(opened, [page], stated=Stated(), now=clock)]
        if outcomes != ["landed"]:
            msg = f"{page.name}: {outcomes}"
            raise RuntimeError(msg)
        run(opened, clock=clock)
        if number % 50 == 49:
            say(f"  {number + 1} of {len(pages)}")
    opened.catalog.dispose()


def _streams(number: int) -> int:
    return 2000 + random.Random(number).randrange(2000)


def _days(number: int) -> tuple[dict[date, int], int]:
    """What the page of a day shows: a year that ends two days before; the last day is partial."""
    newest = number - 2
    days = {_START + timedelta(days=n): _streams(n) for n in range(newest - 362, newest + 1)}
    days[_START + timedelta(days=newest)] //= 3
    return days, newest


def _write(inbox: Path, number: int) -> Path:
    days, _ = _days(number)
    at = datetime.combine(_START + timedelta(days=number), time(12, 30), tzinfo=UTC)
    frame = Frame(captured_at=at)
    if number % 2 == 0:
        path, content = inbox / page_name("streams", at), spotify_page(days, frame)
    else:
        lists = {"countries": [Item(name="US", streams=500 + number), Item(name="DE", streams=40)]}
        path, content = inbox / page_name("applemusic", at), apple_page(days, frame, lists)
    path.write_bytes(content)
    return path


def _expected(count: int, *, odd: int) -> dict[date, int]:
    """What the pages of one store come to: the newest page that shows a day tells it."""
    found: dict[date, int] = {}
    for number in range(odd, count, 2):
        found.update(_days(number)[0])
    return found


def _check(lake: Path, count: int) -> None:
    """A fast wrong answer is none."""
    from bedrot.app import open_lake
    from bedrot.pipeline.reading import query

    rows = query(
        open_lake(lake),
        "select store, count(*) as days, sum(streams) as streams from fct_streams_daily group by 1",
    ).to_pylist()
    got = {row["store"]: (row["days"], int(row["streams"])) for row in rows}
    truth = {}
    for odd, store in enumerate(("Spotify", "Apple Music")):
        days = _expected(count, odd=odd)
        truth[store] = (len(days), sum(days.values()))
    if got != truth:
        msg = f"the lake holds {got}, the truth is {truth}"
        raise RuntimeError(msg)


def _ratio(figures: Mapping[str, Measured]) -> float:
    first, last = figures.values()
    return last.cpu / first.cpu


def _print(count: int, figures: Mapping[str, Measured]) -> None:
    from bedrot.cli.output import print_table

    print_table(
        f"{count} daily pages: import and run of one more",
        ["job", "CPU s", "wall s", "peak MB", "KB written"],
        [
            (name, f"{m.cpu:.2f}", f"{m.wall:.2f}", f"{m.peak_mb:.0f}", f"{m.written / 1e3:.0f}")
            for name, m in figures.items()
        ],
    )
    got = _ratio(figures)
    verdict = "met" if got <= _AIM else "MISSED"
    print_table(
        "Aims",
        ["what", "got", "aim", ""],
        [(f"page {count} / page {_FIRST}, CPU", f"{got:.3g}", f"<= {_AIM:g}", verdict)],
    )


if __name__ == "__main__":
    main()
