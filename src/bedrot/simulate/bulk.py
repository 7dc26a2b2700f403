"""Millions of earnings lines for benchmarks, in bounded memory and equal on every machine.

Files are ranges of numbered lines: they overlap exactly, and a shorter export is the beginning
of a longer one. They are in the 13-column layout with LF as line end, which the writer can do
at speed; `synthetic.py` of the source writes CR.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from bedrot.simulate.catalogue import with_check_digit
from bedrot.simulate.days import add_months

if TYPE_CHECKING:
    import duckdb

FIRST_MONTH = date(2023, 6, 1)
"""The first reporting month. The 25th is the last one before the layout changed."""

_DAYS = 28
_ARTISTS = 20
_RECORDINGS = 600
# Name, lines per mille, units at most, rate in 1e-8 USD, months from sale to report.
_STORES = (
    ("Spotify", 560, 90, 310_400, 2),
    ("YouTube (Ads)", 120, 60, 91_200, 1),
    ("YouTube (Red)", 100, 20, 448_000, 1),
    ("Apple Music", 90, 30, 673_000, 1),
    ("TikTok", 40, 400, 4_130, 2),
    ("Tidal", 20, 12, 889_000, 1),
    ("Facebook", 20, 150, 2_370, 2),
    ("Deezer", 15, 16, 542_000, 3),
    ("Amazon Unlimited (Streaming)", 15, 14, 726_000, 2),
    ("Pandora", 10, 40, 194_000, 2),
    ("NetEase", 6, 50, 71_000, 3),
    ("iTunes Songs", 4, 2, 69_000_000, 1),
)
_COUNTRIES = (
    *("US", "US", "US", "US", "US", "US", "DE", "DE", "GB", "GB", "BR", "BR", "MX", "FR", "IN"),
    *("CA", "ID", "NL", "PL", "AU", "SE", "TR", "PH", "ZA", "KE", "NA", "XK", "OU", "IS", "JP"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkTruth:
    """What a lake that holds every line once must publish."""

    rows: int
    net: Decimal
    deductions: Decimal
    sale_units: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ledger:
    """All lines there are: `lines` of them, spread evenly over `months` reporting months."""

    lines: int
    months: int
    seed: int

    @property
    def lines_in_month(self) -> int:
        return -(-self.lines // self.months)

    def start(self, month_index: int) -> int:
        """The number of a month's first line."""
        return -(-month_index * self.lines // self.months)


def write_months(
    folder: Path, *, lines: int, months: int, seed: int = 1, overlap_days: int = 3
) -> list[Path]:
    """Write one file per reporting month; names carry a stamp of the month after.

    Each file but the first begins with the last `overlap_days` days of the month before, line
    by line as that month's own file has them.
    """
    ledger = _Ledger(lines=lines, months=months, seed=seed)
    folder.mkdir(parents=True, exist_ok=True)
    # Day d begins at the first line whose place times 28 reaches d times the lines of a month.
    repeated_from = -(-(_DAYS - overlap_days) * ledger.lines_in_month // _DAYS)
    paths = []
    with _session(ledger) as con:
        for index in range(months):
            first = ledger.start(index - 1) + repeated_from if index else 0
            path = folder / export_name(index + 1)
            _copy(con, path, first=min(first, ledger.start(index)), last=ledger.start(index + 1))
            paths.append(path)
    return paths


def write_cumulative(
    path: Path, *, lines: int, months: int, seed: int = 1, of_months: int | None = None
) -> Path:
    """Write the first `months` months, sorted by reporting date.

    Args:
        path: The file; `export_name(months)` is a fitting name.
        lines: The lines of all `of_months` months.
        months: How many months the file holds.
        seed: Of the ledger.
        of_months: How many months there are; `months` when not given.
    """
    ledger = _Ledger(lines=lines, months=of_months or months, seed=seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _session(ledger) as con:
        _copy(con, path, first=0, last=ledger.start(months))
    return path


def bulk_truth(
    *, lines: int, months: int, seed: int = 1, of_months: int | None = None
) -> BulkTruth:
    """Add up the first `months` months, as `write_cumulative` writes them."""
    ledger = _Ledger(lines=lines, months=of_months or months, seed=seed)
    with _session(ledger) as con:
        _choose(con, first=0, last=ledger.start(months))
        rows, net, deductions, units = con.execute(
            """
            select
                count(*),
                cast(sum(amount) as bigint),
                cast(coalesce(sum(amount) filter (where amount < 0), 0) as bigint),
                cast(sum(units) filter (where amount >= 0) as bigint)
            from bulk_lines
            """
        ).fetchall()[0]
    return BulkTruth(
        rows=rows,
        net=Decimal(net).scaleb(-8),
        deductions=Decimal(deductions).scaleb(-8),
        sale_units=units,
    )


def sold_by_month(store: str, *, lines: int, months: int, seed: int = 1) -> dict[str, int]:
    """Units of a store's sale lines by sale month, as the files of the same numbers hold them."""
    with _session(_Ledger(lines=lines, months=months, seed=seed)) as con:
        _choose(con, first=0, last=lines)
        told = con.execute(
            """
            select month_index - lag, cast(sum(units) as bigint)
            from bulk_lines where store = ? and amount >= 0
            group by 1 order by 1
            """,
            [store],
        ).fetchall()
    return {f"{add_months(FIRST_MONTH, index):%Y-%m}": units for index, units in told}


def export_name(months: int) -> str:
    """Name an export taken on the second day after the first `months` months."""
    return f"dk_bank_details_{add_months(FIRST_MONTH, months):%Y%m}02_060000.tsv"


@contextmanager
def _session(ledger: _Ledger) -> Iterator["duckdb.DuckDBPyConnection"]:
    import duckdb

    with duckdb.connect(config={"memory_limit": "1GB"}) as con:
        # Lines come out in their order as long as every join looks up from the lines' side.
        con.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
        for name, rows in _dimensions(ledger).items():
            con.register(name, pa.Table.from_pylist(rows))
        for name in ("lines", "months", "seed", "lines_in_month"):
            _set(con, name, getattr(ledger, name))
        yield con


def _choose(con: "duckdb.DuckDBPyConnection", *, first: int, last: int) -> None:
    _set(con, "first_line", first)
    _set(con, "last_line", last)
    con.execute(_sql("bulk_lines.sql"))


def _copy(con: "duckdb.DuckDBPyConnection", path: Path, *, first: int, last: int) -> None:
    _choose(con, first=first, last=last)
    _set(con, "target", str(path))
    con.execute(_sql("bulk_copy.sql"))


def _set(con: "duckdb.DuckDBPyConnection", name: str, value: int | str) -> None:
    con.execute(f"set variable {name} = ?", [value])


def _sql(name: str) -> str:
    return files("bedrot.simulate").joinpath(name).read_text(encoding="utf-8")


def _dimensions(ledger: _Ledger) -> dict[str, list[dict[str, int | str]]]:
    longest_lag = max(store[-1] for store in _STORES)
    return {
        "bulk_stores": _store_slots(),
        "bulk_recordings": [_recording(number) for number in range(_RECORDINGS)],
        "bulk_countries": [
            {"country_number": number, "country": country}
            for number, country in enumerate(_COUNTRIES)
        ],
        "bulk_months": [
            {"month_index": index, "month_text": f"{add_months(FIRST_MONTH, index):%Y-%m}"}
            for index in range(-longest_lag, ledger.months)
        ],
        "bulk_days": [
            {
                "month_index": index,
                "day_index": day,
                "day_text": add_months(FIRST_MONTH, index).replace(day=day + 1).isoformat(),
            }
            for index in range(ledger.months)
            for day in range(_DAYS)
        ],
    }


def _store_slots() -> list[dict[str, int | str]]:
    stores = [store for store in _STORES for _ in range(store[1])]
    return [
        {"slot": slot, "store": name, "most_units": units, "rate": rate, "lag": lag}
        for slot, (name, _, units, rate, lag) in enumerate(stores)
    ]


def _recording(number: int) -> dict[str, int | str]:
    return {
        "recording_number": number,
        "artist": f"Bulk Artist {number % _ARTISTS + 1:02}",
        "title": f"Measured Piece No. {number + 1}",
        "isrc": f"ZZBDR23{number + 1:05}",
        "upc": with_check_digit(f"49{number:09}"),
    }
