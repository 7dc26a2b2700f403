"""The yardstick (b): the same job in straightforward pandas, exact where pandas can be.

Reads all files with Arrow decimals, drops the lines that overlapping files repeat (by file and
ordinal within equal lines, as the ledger does), writes staging by month, and the monthly report.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa

_AMOUNT = pd.ArrowDtype(pa.decimal128(22, 12))
_TEXT = pd.ArrowDtype(pa.string())
_KEY = ["Reporting Date", "Sale Month", "Store", "ISRC", "Country of Sale"]
_GROUP = ["Artist", "ISRC", "Store", "Country of Sale", "Sale Month"]


def main(target: Path, files: list[Path]) -> None:
    """Landing to curated."""
    target.mkdir(parents=True, exist_ok=True)
    frames = []
    for file in files:
        frame = pd.read_csv(
            file,
            sep="\t",
            quoting=3,
            dtype=_TEXT,
            keep_default_na=False,
            dtype_backend="pyarrow",
        )
        frame["Earnings (USD)"] = frame["Earnings (USD)"].astype(_AMOUNT)
        frame["Quantity"] = frame["Quantity"].astype("int64[pyarrow]")
        line = [*_KEY, "Quantity", "Earnings (USD)"]
        frame["occurrence"] = frame.groupby(line, sort=False).cumcount()
        frames.append(frame)
    lines = pd.concat(frames, ignore_index=True)
    del frames
    lines = lines.drop_duplicates([*_KEY, "Quantity", "Earnings (USD)", "occurrence"])
    lines["month"] = lines["Reporting Date"].str.slice(0, 7)
    for month, part in lines.groupby("month"):
        part.to_parquet(target / f"staging-{month}.parquet")
    is_sale = lines["Earnings (USD)"] >= pa.scalar(0, pa.decimal128(22, 12)).as_py()
    lines["units"] = lines["Quantity"].where(is_sale, 0)
    report = lines.groupby(_GROUP, sort=False)[["Earnings (USD)", "units"]].sum()
    report.to_parquet(target / "report.parquet")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
