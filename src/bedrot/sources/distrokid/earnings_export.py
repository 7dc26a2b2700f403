"""The bank details export: a table like any other, but for amounts that a tool has rounded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.errors import RejectedPayloadError
from bedrot.extract.tables import read_table

if TYPE_CHECKING:
    import duckdb

    from bedrot.extract.streams import Reading, Stream

ROUNDED_AMOUNTS = "rounded_amounts"
_DECIMALS = 8
"""DistroKid writes every amount with eight decimals, since mid-2025 with twelve."""


def read_earnings(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    stream: Stream,
    spool: Path,
    waived: frozenset[str] = frozenset(),
) -> Reading:
    """Lay the export out as the view `source`.

    Raises:
        RejectedPayloadError: As for every table; or no amount has the decimals that DistroKid
            writes, as in a file whose amounts were rounded, or put in place of another column.
    """
    reading = read_table(con, path, stream, spool, waived)
    # The scale is that of the last records; what they seem to say is worth a look at all of them.
    if reading.amount_scale < _DECIMALS and ROUNDED_AMOUNTS not in waived:
        _refuse_rounded(con)
    return reading


def _refuse_rounded(con: duckdb.DuckDBPyConnection) -> None:
    import duckdb

    try:
        told = con.execute(
            "select count(*), count(*) filter (where not is_exact_decimal(net_usd)), "
            "max(length(split_part(net_usd, '.', 2))), min(net_usd) from source"
        ).fetchall()
    except duckdb.Error:  # a record with other fields than the header: typing the rows says so
        return
    lines, unreadable, scale, example = told[0]
    if not lines or unreadable or scale >= _DECIMALS:
        return
    msg = (
        f"no amount has more than {scale} decimals, and DistroKid writes {_DECIMALS} or more: "
        "they were rounded, or are another column's"
    )
    raise RejectedPayloadError(
        msg,
        code=ROUNDED_AMOUNTS,
        seen=f"such as `{example}` in {lines} line(s)",
        next_step="import the export as DistroKid gave it, not saved again by a spreadsheet",
    )
