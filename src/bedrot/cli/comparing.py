"""`bedrot history` and `bedrot diff`: when a table changed, and what in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedrot.cli.options import JsonOption, LakeOption
from bedrot.cli.output import cell, print_json, print_table, progress, say
from bedrot.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bedrot.pipeline.comparing import Differences, Restatements, RowChange
    from bedrot.zones.lake import Lake

_Table = Annotated[str, typer.Argument(metavar="TABLE", help="A table, as `tables` lists it.")]


def history(
    table: _Table,
    *,
    lake: LakeOption = None,
    hashes: Annotated[
        bool,
        typer.Option(help="Read every version for its content hash."),
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """List the lake releases in which a table changed, newest first.

    Versions of equal rows have equal content hashes: if only the files changed
    in which the rows are found, the hash stays.

    Examples:
      bedrot history rpt_revenue_monthly
      bedrot history fct_royalty_line --no-hashes --json
    """
    from bedrot.app import open_lake
    from bedrot.pipeline.comparing import history as history_of

    opened = open_lake(lake)
    with progress() as drawn:
        found = history_of(opened, table, with_hashes=hashes, progress=drawn)
    if as_json:
        print_json({"table": table, "versions": found})
        return
    print_table(
        f"{table}: {len(found)} version(s)",
        ["release", "published", "version", "rows", "change", "content hash", "run"],
        [
            [
                v.release,
                v.created_at,
                v.version,
                v.rows,
                f"{v.rows_delta:+d}",
                v.content_hash,
                v.run_id,
            ]
            for v in found
        ],
    )
    if len(found) > 1:
        say(f"next: `bedrot diff {table} --from {found[1].release}`")


def diff(
    table: _Table,
    *,
    lake: LakeOption = None,
    before: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="RELEASE",
            help="Compare from this lake release on: its number, or a time such as 2025-05-31.",
            show_default=False,
        ),
    ] = None,
    after: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="RELEASE",
            help="Compare to this lake release. Otherwise to the newest.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="Print so many changes; all are counted.")
    ] = 20,
    as_json: JsonOption = False,
) -> None:
    """Tell which values were restated; with --from, what differs between two lake releases.

    A restatement is a value that a platform changed in a later export. They are
    the same however and whenever files were imported. Comparing lake releases
    is another thing: it tells what was published when.

    Examples:
      bedrot diff rpt_revenue_monthly
      bedrot diff rpt_revenue_monthly --from 3 --to 4
    """
    from bedrot.app import open_lake

    if before is None and after is not None:
        msg = "--to needs --from: two lake releases are compared"
        raise UsageError(msg, next_step="name the older lake release with --from")
    opened = open_lake(lake)
    if before is None:
        _restatements(opened, table, limit, as_json=as_json)
    else:
        _differences(opened, table, before, after, limit, as_json=as_json)


def _restatements(lake: Lake, table: str, limit: int, *, as_json: bool) -> None:
    from bedrot.pipeline.comparing import restatements

    found = restatements(lake, table, limit=limit)
    if as_json:
        print_json(found)
        return
    say(_restated_head(found), style="bold")
    if not found.restatements:
        return
    keys = list(dict.fromkeys(name for r in found.restatements for name in r.key))
    columns = list(dict.fromkeys(name for r in found.restatements for name in r.old))
    tables = ["table"] if len(found.tables) > 1 else []
    values = [f"{side} {name}" for name in columns for side in ("old", "new")]
    print_table(
        None,
        ["as of", *tables, *keys, *values, "conflict", "capture"],
        [
            [
                r.as_of,
                *([r.table] if tables else []),
                *(r.key.get(name) for name in keys),
                *(side.get(name) for name in columns for side in (r.old, r.new)),
                r.is_conflict,
                ", ".join(r.captures),
            ]
            for r in found.restatements
        ],
    )
    _say_rest(found.count, len(found.restatements))


def _restated_head(found: Restatements) -> str:
    behind = ", ".join(found.tables) or found.table
    if not found.count:
        return f"{behind}: nothing was restated (lake release {found.release})"
    told = "".join(f", {name} {_signed(delta)}" for name, delta in found.deltas.items() if delta)
    return f"{behind}: {found.count} restatement(s){told} (lake release {found.release})"


def _signed(value: Any) -> str:  # noqa: ANN401 - an amount
    return f"+{cell(value)}" if value > 0 else cell(value)


def _say_rest(count: int, shown: int) -> None:
    if count > shown:
        say(f"{count - shown} more; --limit shows them")


def _differences(
    lake: Lake, table: str, before: str, after: str | None, limit: int, *, as_json: bool
) -> None:
    from bedrot.pipeline.comparing import differences

    found = differences(lake, table, before=before, after=after, limit=limit)
    if as_json:
        print_json(_document(found))
        return
    say(f"{table}: lake release {found.before} to {found.after}", style="bold")
    _say_columns(found)
    if found.is_equal:
        say(f"the same {found.rows_after} row(s)")
        return
    by = f" by {', '.join(found.key)}" if found.key else ", equal rows counted"
    say(
        f"{found.added} added, {found.removed} removed, {found.changed} changed{by}; "
        f"{found.rows_before} rows before, {found.rows_after} after"
    )
    if found.money:
        print_table(
            None,
            ["sum of", "before", "after", "change"],
            [[m.column, m.before, m.after, _signed(m.delta)] for m in found.money],
        )
    if found.rows:
        print_table(None, ["change", "rows", "row", "column", "old", "new"], _change_rows(found))
    counted = sum(change.count for change in found.rows)
    _say_rest(found.added + found.removed + found.changed, counted)


def _document(found: Differences) -> dict[str, Any]:
    return {
        "table": found.table,
        "from": found.before,
        "to": found.after,
        "is_equal": found.is_equal,
        "key": found.key,
        "rows_before": found.rows_before,
        "rows_after": found.rows_after,
        "added": found.added,
        "removed": found.removed,
        "changed": found.changed,
        "money": [
            {"column": m.column, "before": m.before, "after": m.after, "change": m.delta}
            for m in found.money
        ],
        "columns_gone": found.columns_gone,
        "columns_new": found.columns_new,
        "rows": found.rows,
    }


def _say_columns(found: Differences) -> None:
    if found.columns_gone:
        say(f"columns gone: {', '.join(found.columns_gone)}")
    if found.columns_new:
        say(f"columns new: {', '.join(found.columns_new)}")


def _change_rows(found: Differences) -> list[list[object]]:
    rows: list[list[object]] = []
    for change in found.rows:
        if change.change != "changed":
            rows.append([change.change, change.count, _listed(change.values), None, None, None])
        rows += _changed_columns(change)
    return rows


def _changed_columns(change: RowChange) -> list[list[object]]:
    if change.change != "changed":
        return []
    return [
        [change.change, change.count, _listed(change.values), name, old, change.new[name]]
        for name, old in change.old.items()
    ]


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={cell(v)}" for name, v in values.items() if v is not None)
