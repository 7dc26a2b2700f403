"""The yardstick (b): the same job in straightforward pandas, exact where pandas can be.

Text is matched before it becomes a number or a date, stores go through the alias file, the lines
that overlapping files repeat are dropped (by key and ordinal within equal lines, as the ledger
does), and staging, the royalty lines and the monthly report are written by month.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa

_AMOUNT = pd.ArrowDtype(pa.decimal128(22, 12))
_TEXT = pd.ArrowDtype(pa.string())
_NAMES = {
    "Reporting Date": "reporting_date",
    "Sale Month": "sale_month",
    "Store": "store_reported",
    "Artist": "artist_name",
    "Title": "track_title",
    "ISRC": "isrc",
    "UPC": "upc",
    "Quantity": "units",
    "Team Percentage": "split_pct",
    "Song/Album": "product_type",
    "Country of Sale": "country_code",
    "Songwriter Royalties Withheld": "withheld_usd",
    "Earnings (USD)": "net_usd",
}
_FORMS = {
    "reporting_date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "sale_month": "[0-9]{4}-(0[1-9]|1[0-2])",
    "units": "-?[0-9]{1,18}",
    "split_pct": r"-?[0-9]{1,5}(\.[0-9]{1,4})?",
    "withheld_usd": r"-?[0-9]{1,10}(\.[0-9]{1,12})?",
    "net_usd": r"-?[0-9]{1,10}(\.[0-9]{1,12})?",
}
_TYPES = {
    "reporting_date": pd.ArrowDtype(pa.date32()),
    "units": pd.ArrowDtype(pa.int64()),
    "split_pct": pd.ArrowDtype(pa.decimal128(9, 4)),
    "withheld_usd": _AMOUNT,
    "net_usd": _AMOUNT,
}
_KEY = [
    *("reporting_date", "sale_month", "store", "recording_key", "country_code"),
    *("line_type", "split_pct", "units", "net_usd"),
]
_GROUP = [
    *("artist_name", "recording_key", "isrc", "upc", "track_title"),
    *("store", "use_type", "country_code", "sale_month"),
]


def main(target: Path, stores: Path, files: list[Path]) -> None:
    """Landing to curated."""
    target.mkdir(parents=True, exist_ok=True)
    aliases = pd.read_csv(stores, dtype=_TEXT, keep_default_na=False)
    lines = pd.concat([_typed(file, aliases) for file in files], ignore_index=True)
    lines = lines.drop_duplicates([*_KEY, "occurrence"]).drop(columns="occurrence")
    for month, part in lines.groupby("reporting_month"):
        part.to_parquet(target / f"staging-{month}.parquet")
        part.assign(source="distrokid").to_parquet(target / f"lines-{month}.parquet")
    for month, part in _report(lines).groupby("sale_month"):
        part.to_parquet(target / f"report-{month}.parquet")


def _typed(file: Path, aliases: pd.DataFrame) -> pd.DataFrame:
    frame = pd.read_csv(file, sep="\t", quoting=3, dtype=_TEXT, keep_default_na=False)
    frame = frame.rename(columns=_NAMES)[list(_NAMES.values())]
    frame["file_id"] = file.name
    frame["row"] = range(1, len(frame) + 1)
    frame["reporting_month"] = frame["reporting_date"].str.slice(0, 7)
    for name in ("store_reported", "artist_name", "track_title", "upc", "product_type"):
        frame[name] = frame[name].str.strip()
    for name in ("isrc", "country_code"):
        frame[name] = frame[name].str.replace("-", "", regex=False).str.strip().str.upper()
    for name in ("artist_name", "track_title", "isrc", "upc", "country_code"):
        frame[name] = frame[name].replace("", pd.NA)
    for name, form in _FORMS.items():
        if not frame[name].str.fullmatch(form).all():
            msg = f"{file.name}: a value under {name} is not of the form {form}"
            raise ValueError(msg)
    frame = frame.astype(_TYPES)
    frame["alias"] = frame["store_reported"].str.lower()
    frame = frame.merge(aliases, on="alias", how="left").drop(columns="alias")
    frame["store"] = frame["store"].fillna(frame["store_reported"])
    frame["recording_key"] = frame["isrc"].fillna(
        frame["upc"].fillna("") + "|" + frame["track_title"].fillna("")
    )
    zero = pa.scalar(0, pa.decimal128(22, 12)).as_py()
    frame["line_type"] = (frame["net_usd"] < zero).map({True: "deduction", False: "sale"})
    frame["occurrence"] = frame.groupby(_KEY, sort=False, dropna=False).cumcount()
    return frame


def _report(lines: pd.DataFrame) -> pd.DataFrame:
    is_sale = lines["line_type"] == "sale"
    zero = pa.scalar(0, pa.decimal128(22, 12)).as_py()
    lines = lines.assign(
        earnings_usd=lines["net_usd"].where(is_sale, zero),
        deductions_usd=lines["net_usd"].where(~is_sale, zero),
        deducted_units=lines["units"].where(~is_sale, 0),
        units=lines["units"].where(is_sale, 0),
    )
    sums = ["net_usd", "earnings_usd", "deductions_usd", "units", "deducted_units"]
    return lines.groupby(_GROUP, sort=False, dropna=False)[sums].sum().reset_index()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
