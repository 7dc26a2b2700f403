"""The yardstick (a): a bare DuckDB script that reads the same files typed and writes Parquet.

It checks nothing, merges nothing, and keeps overlapping lines twice.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

_TYPES = {
    "Reporting Date": "DATE",
    "Quantity": "BIGINT",
    "Team Percentage": "DECIMAL(9,4)",
    "Songwriter Royalties Withheld": "DECIMAL(22,12)",
    "Earnings (USD)": "DECIMAL(22,12)",
}


def main(target: Path, files: list[Path]) -> None:
    """Read each file typed, and write it as Parquet."""
    target.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect()
    con.execute("set memory_limit = '1200MB'")
    con.execute("set temp_directory = ?", [str(target / ".spill")])
    for file in files:
        header = file.open(encoding="utf-8").readline().rstrip("\r\n").split("\t")
        columns = {name: _TYPES.get(name, "VARCHAR") for name in header}
        con.execute(
            "copy (select * from read_csv(?, delim = '\t', header = true, quote = '', "
            f"escape = '', auto_detect = false, columns = {columns})) "
            f"to '{target / file.stem}.parquet' (format parquet)",
            [str(file)],
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
