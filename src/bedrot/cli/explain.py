"""`bedrot explain`: from a cell of a report to the records of files, and who brought them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedrot.cli.options import AtOption, JsonOption, LakeOption
from bedrot.cli.output import cell, note, print_json, progress, say
from bedrot.cli.trees import Node, print_tree
from bedrot.errors import BedrotError, IntegrityError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bedrot.pipeline.explaining import ExplainedRow, Explanation, Level, Payload, SeenCapture

_POINTERS = frozenset({"_file_id", "_row", "as_of", "landed_at"})


def explain(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="A mart or a staging table.")],
    *,
    where: Annotated[
        str,
        typer.Option(
            "--where", metavar="CONDITION", help="Which rows: what follows `where` in SQL."
        ),
    ],
    lake: LakeOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Explain so many rows.")] = 5,
    records: Annotated[
        int, typer.Option("--records", min=1, help="Print so many records for each row.")
    ] = 20,
    at: AtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain a number: the facts it is made of, their records in files, and who brought these.

    Each record is printed as it stands in its file. The rows beneath are put
    through the table's SQL again: they «add up» if that gives the same row, in
    every column. Counts and sums are of all rows, however few are printed.

    Exit code 1 if no row meets the condition, 5 if something does not add up.

    Examples:
      bedrot explain rpt_revenue_monthly --where "store = 'Spotify' and sale_month = '2025-03'"
      bedrot explain fct_royalty_line --where "net_usd < 0" --limit 1
    """
    from bedrot.app import open_lake
    from bedrot.pipeline.explaining import explain as explain_rows

    opened = open_lake(lake)
    with progress() as drawn:
        told = explain_rows(opened, table, where, at=at, rows=limit, lines=records, progress=drawn)
    if not told.rows:
        msg = f"no row of `{table}` in lake release {told.release} meets `{where}`"
        raise BedrotError(msg, next_step=f'look at it: `bedrot sql "select * from {table}"`')
    if as_json:
        print_json(_document(told))
    else:
        _show(told)
    if not told.adds_up:
        msg = f"rows of `{table}` are not what the rows beneath them give"
        raise IntegrityError(msg, next_step="`bedrot verify`, then `bedrot rebuild`")


def _document(told: Explanation) -> dict[str, Any]:
    return {
        "table": told.table,
        "release": told.release,
        "matched": told.matched,
        "adds_up": told.adds_up,
        "rows": [
            {
                "values": row.values,
                "adds_up": row.adds_up,
                "levels": [_level_document(level) for level in row.levels],
                "line_count": row.line_count,
                "lines": row.lines,
            }
            for row in told.rows
        ],
        "files": told.payloads,
    }


def _level_document(level: Level) -> dict[str, Any]:
    return {
        "table": level.table,
        "rows": level.rows,
        "adds_up": level.adds_up,
        "is_reproduced": level.is_reproduced,
        "totals": [
            {"column": t.column, "cell": t.cell, "total": t.total, "adds_up": t.adds_up}
            for t in level.totals
        ],
    }


def _show(told: Explanation) -> None:
    of_all = "" if told.matched == len(told.rows) else f"; the first {len(told.rows)} follow"
    say(f"{told.table}, lake release {told.release}: {told.matched} row(s){of_all}", style="bold")
    for row in told.rows:
        say()
        print_tree(_row_node(told, row))
    if told.matched > len(told.rows):
        note("to see the others, narrow the condition or raise --limit")


def _row_node(told: Explanation, row: ExplainedRow) -> Node:
    children = _file_nodes(told, row)
    for level in reversed(row.levels):
        children = [Node(label=_level_label(level), children=children)]
    values = {name: value for name, value in row.values.items() if name not in _POINTERS}
    return Node(label=f"{told.table}: {_listed(values)}", children=children)


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={cell(value)}" for name, value in values.items())


def _level_label(level: Level) -> str:
    sums = "".join(
        f"; {t.column} {cell(t.cell)} {'=' if t.adds_up else 'against'} {cell(t.total)}"
        for t in level.totals
        if t.cell is not None or t.total is not None
    )
    verdict = "adds up" if level.adds_up else "DOES NOT ADD UP"
    if level.is_reproduced is None:
        verdict += " (in these sums: another definition made the table)"
    return f"{level.table}: {level.rows} row(s){sums}: {verdict}"


def _file_nodes(told: Explanation, row: ExplainedRow) -> list[Node]:
    by_file: dict[str, list[Node]] = {}
    for line in row.lines:
        amounts = {n: line.values[n] for n in line.measures if line.values[n] is not None}
        label = f"record {line.row}: {_listed(amounts)}"
        by_file.setdefault(line.file_id, []).append(Node(label=label, verbatim=line.record))
    nodes = [
        Node(
            label=f"file {file_id} of {told.payloads[file_id].stream}",
            children=[*_capture_nodes(told.payloads[file_id]), *found],
        )
        for file_id, found in by_file.items()
    ]
    hidden = row.line_count - len(row.lines)
    if hidden:
        nodes.append(Node(label=f"{hidden} more record(s); --records prints them"))
    return nodes


def _capture_nodes(payload: Payload) -> list[Node]:
    return [
        *(Node(label=_capture_label(capture)) for capture in payload.captures),
        Node(label="header", verbatim=payload.header),
    ]


def _capture_label(capture: SeenCapture) -> str:
    container = f" in {capture.container}" if capture.container else ""
    return (
        f"capture {capture.capture_id}: `{capture.name}`{container}, account {capture.account_id}, "
        f"as of {cell(capture.as_of)} (from {_FROM[capture.as_of_from]}), "
        f"landed {cell(capture.landed_at)}"
    )


_FROM = {
    "capture": "the extractor",
    "archive": "the time of the file in its archive",
    "name": "the stamp in its name",
    "content": "the time that its content prints",
    "stated": "--as-of at import",
    "newest period": "the newest period in it",
    "unknown": "nothing",
}
