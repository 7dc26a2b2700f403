"""`bedrot verify`: whether what is stored is what the lake says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bedrot.cli.options import JsonOption, LakeOption
from bedrot.cli.output import print_json, print_table, progress, say
from bedrot.errors import IntegrityError

if TYPE_CHECKING:
    from bedrot.pipeline.verifying import Verification


def verify(*, lake: LakeOption = None, as_json: JsonOption = False) -> None:
    """Read all that is stored and compare it with its hashes, records and lake release.

    The content hash of a table is equal wherever its rows are equal: on another
    machine, or after a rebuild. Nothing is written. Exit code 5 if anything is
    not as it should be.

    Examples:
      bedrot verify
      bedrot verify --json
    """
    from bedrot.app import open_lake
    from bedrot.pipeline.verifying import verify as verify_lake

    opened = open_lake(lake)
    with progress() as drawn:
        found = verify_lake(opened, progress=drawn)
    if as_json:
        print_json(_document(found))
    else:
        _show(found)
    if not found.is_sound:
        msg = f"{len(found.mismatches)} thing(s) in `{opened.name}` are not what they should be"
        raise IntegrityError(
            msg,
            next_step="restore landing and raw from a copy of the lake; "
            "tables are made again by `bedrot rebuild`",
        )


def _document(found: Verification) -> dict[str, Any]:
    return {
        "is_sound": found.is_sound,
        "release": found.release,
        "captures": found.captures,
        "landed_payloads": found.landed,
        "raw_payloads": found.raw,
        "records": found.records,
        "tables": {
            table.table: {
                "version": table.version,
                "files": table.files,
                "rows": table.rows,
                "content_hash": table.content_hash,
                "mismatches": table.mismatches,
            }
            for table in found.tables
        },
        "unfinished": found.unfinished,
        "mismatches": found.mismatches,
    }


def _show(found: Verification) -> None:
    print_table(
        None,
        ["what", "count"],
        [
            ["capture records", found.captures],
            ["payloads in landing", found.landed],
            ["payloads in raw", found.raw],
            ["decisions, notes, runs and lake releases", found.records],
        ],
    )
    if found.tables:
        say()
        print_table(
            f"lake release {found.release}",
            ["table", "version", "files", "rows", "content hash", "mismatches"],
            [
                [t.table, t.version, t.files, t.rows, t.content_hash, t.mismatches]
                for t in found.tables
            ],
        )
    for folder in found.unfinished:
        say(f"{folder}: bytes of an import that was killed; importing the file again completes it")
    for mismatch in found.mismatches:
        say(f"{mismatch.subject}: {mismatch.problem}", style="red")
    if found.is_sound:
        say("all is what the lake says of it", style="bold")
