"""`bedrot lineage`: from the header of an export to the cell of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedrot.cli.options import JsonOption, LakeOption
from bedrot.cli.output import print_json, print_table, say
from bedrot.cli.trees import Node, print_tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bedrot.pipeline.tracing import ColumnTrace, Origin, Reader, TableTrace


def lineage(
    name: Annotated[
        str, typer.Argument(metavar="TABLE[.COLUMN]", help="A table, or one of its columns.")
    ],
    *,
    lake: LakeOption = None,  # noqa: ARG001 - lineage is told by definitions; all commands take it
    as_json: JsonOption = False,
) -> None:
    """Tell where a column comes from, down to the export's header, and what is made from it.

    A table alone lists all of its columns. No lake is needed: contracts and SQL
    tell it. Columns that only choose rows (where, join, group by) do not count.

    Examples:
      bedrot lineage rpt_revenue_monthly.net_usd
      bedrot lineage stg_distrokid__earnings
    """
    from bedrot.pipeline.tracing import trace_column, trace_table

    table, _, column = name.partition(".")
    if column:
        traced = trace_column(table, column)
        if as_json:
            print_json(_column_document(traced))
        else:
            _show_column(traced)
        return
    told = trace_table(table)
    if as_json:
        print_json(_table_document(told))
    else:
        _show_table(told)


def _column_document(traced: ColumnTrace) -> dict[str, Any]:
    return {
        "table": traced.table,
        "column": traced.column,
        "description": traced.description,
        "headers": [header for end in traced.ends for header in end.headers],
        "origins": traced.origins,
        "readers": traced.readers,
    }


def _table_document(told: TableTrace) -> dict[str, Any]:
    return {
        "table": told.table,
        "description": told.description,
        "made_by": told.made_by,
        "inputs": told.inputs,
        "readers": told.readers,
        "columns": [_column_document(column) for column in told.columns],
    }


def _show_column(traced: ColumnTrace) -> None:
    say(f"{traced.table}.{traced.column}: {traced.description}", style="bold")
    print_tree(Node(label="comes from", children=_origin_nodes(traced.origins)))
    if traced.readers:
        print_tree(Node(label="goes into", children=_reader_nodes(traced.readers)))
    else:
        say("goes into no other table")


def _origin_nodes(origins: Sequence[Origin]) -> list[Node]:
    return [
        Node(label=_origin_label(origin), children=_origin_nodes(origin.origins))
        for origin in origins
    ]


def _origin_label(origin: Origin) -> str:
    if origin.headers:
        return origin.note
    kind = "" if origin.kind in {"column", "record", "definition"} else f"{origin.kind}: "
    return f"{kind}{origin.name}, {origin.note}" if origin.note else f"{kind}{origin.name}"


def _reader_nodes(readers: Sequence[Reader]) -> list[Node]:
    return [Node(label=r.name, children=_reader_nodes(r.readers)) for r in readers]


def _show_table(told: TableTrace) -> None:
    say(f"{told.table}: {told.description}", style="bold")
    say(f"made by: {told.made_by}, from {', '.join(told.inputs)}")
    say(f"read by: {', '.join(told.readers) or 'no other table'}")
    say()
    print_table(
        None,
        ["column", "made from", "in the end from"],
        [
            [
                column.column,
                ", ".join(_near(origin) for origin in column.origins),
                "; ".join(dict.fromkeys(_origin_label(end) for end in column.ends)),
            ]
            for column in told.columns
        ],
    )
    say(f"next: `bedrot lineage {told.table}.COLUMN` shows every step")


def _near(origin: Origin) -> str:
    return origin.name if origin.kind == "column" else origin.kind
