"""`bedrot plan`: what a run would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bedrot.cli.options import JsonOption, LakeOption
from bedrot.cli.output import print_json, print_table, progress, quantity, say

if TYPE_CHECKING:
    from bedrot.pipeline.planning import FilePlan, Plan, StreamPlan, TablePlan


_LISTED = 6


def plan(*, lake: LakeOption = None, as_json: JsonOption = False) -> None:
    """Say what `bedrot run` would do: files, lines, money, and tables. Nothing is written.

    Lines and money are those that stand in the new files; how many of them are
    new is told by the merge. Of the partitions that are named, a run writes
    those whose rows come out otherwise.

    Examples:
      bedrot plan
      bedrot plan --json
    """
    from bedrot.app import open_lake
    from bedrot.pipeline.planning import plan as plan_run

    opened = open_lake(lake)
    with progress() as drawn:
        made = plan_run(opened, progress=drawn)
    if as_json:
        print_json(_document(made))
    else:
        _show(made)


def _document(made: Plan) -> dict[str, Any]:
    return {
        "is_nothing": made.is_nothing,
        "is_unfinished": made.is_unfinished,
        "release": made.release,
        "streams": [
            {
                "stream": stream.stream,
                "new_files": len(stream.new),
                "rows": stream.rows,
                "amount": stream.amount,
                "set_aside": len(stream.set_aside),
                "files": stream.files,
                "partitions": stream.partitions,
            }
            for stream in made.streams
        ],
        "tables": made.tables,
    }


def _show(made: Plan) -> None:
    for stream in made.streams:
        _show_stream(stream)
    if made.is_unfinished:
        say("a former run was killed before it published: this one would publish what it made")
    if made.is_nothing:
        say(f"nothing to do: {_standing(made)}", style="bold")
        return
    if any(table.action != "nothing" for table in made.tables):
        print_table(
            None,
            ["table", "rows now", "what a run would do", "why"],
            [[t.table, t.rows_now, _action(t), t.reason] for t in made.tables],
        )
    say("next: `bedrot run`")


def _standing(made: Plan) -> str:
    return f"lake release {made.release} stands" if made.release else "no file has come in yet"


def _show_stream(stream: StreamPlan) -> None:
    files = [*stream.new, *stream.set_aside]
    if files:
        say(
            f"{stream.stream}: {len(stream.new)} new file(s), {stream.rows} line(s)"
            f"{quantity(stream.amount, None, stream.unit)}",
            style="bold",
        )
        print_table(
            None,
            ["file", "id", "lines", "amount", "what would become of it"],
            [[f.name, f.file_id, f.rows, f.amount, _fate(f)] for f in files],
        )
        say()
    if stream.partitions:
        print_table(
            f"{stream.stream}: partitions to merge",
            ["partition", "rows now", "amount now", "files", "rows in them"],
            [
                [p.partition, p.rows_now, p.amount_now, p.files, p.rows_to_merge]
                for p in stream.partitions
            ],
        )
        say()


def _fate(file: FilePlan) -> str:
    read = "read, then " if file.is_unread else ""
    if file.status == "set_aside":
        return f"set aside: {file.reason}"
    return f"{read}counted"


def _action(table: TablePlan) -> str:
    if table.action in {"nothing", "create"}:
        return table.action
    if table.action == "replace":
        return "replace the whole table"
    if table.partitions is None:
        return f"{table.action} what changed lines touch"
    return f"{table.action} {_partitions(table.partitions)}"


def _partitions(names: tuple[str, ...]) -> str:
    if len(names) > _LISTED:
        return f"{len(names)} partitions from {names[0]} to {names[-1]}"
    return f"{'partition' if len(names) == 1 else 'partitions'} {', '.join(names)}"
