"""The sales report: a table like any other, whose last figure shows whether it was cut."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.extract import delimited
from bedrot.extract.tables import TRUNCATED, read_table

if TYPE_CHECKING:
    import duckdb

    from bedrot.extract.streams import Reading, Stream


def read_sales(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    stream: Stream,
    spool: Path,
    waived: frozenset[str] = frozenset(),
) -> Reading:
    """Lay the report out as the view `source`.

    Raises:
        RejectedPayloadError: As for every table; or the figure at the very end has fewer decimals
            than all others of its column.
    """
    reading = read_table(con, path, stream, spool, waived)
    layout = delimited.read_layout(path, delimited.text_facts(path))
    if layout is not None and TRUNCATED not in waived:
        scales = delimited.last_scales(path, layout, len(layout.header) - 1)
        delimited.refuse_short_amount(path, layout, scales)
    return reading
