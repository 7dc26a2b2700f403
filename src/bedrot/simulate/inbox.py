"""What the files of an invented inbox are, and what must become of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

Outcome = Literal["landed", "known", "set_aside", "refused"]
Kind = Literal[
    "cumulative",
    "last_120_days",
    "one_artist",
    "one_store",
    "zip_of_zips",
    "truncated",
    "sign_in_page",
    "pdf",
    "ds_store",
    "spotify_page",
    "apple_page",
    "page_of_one_track",
    "response",
    "half_response",
    "sales_report",
    "objects",
    "lifetime_insights",
    "daily_insights",
    "ads_export",
    "error_of_the_api",
    "overview",
    "followers",
    "without_window",
    "personal",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """One file before it is written: its path below the inbox, and what must become of it.

    `as_of` is the stamp in its name or its folder's read as UTC, `lines` the number of royalty
    lines or days printed in it; a file that must not land has neither.
    """

    name: str
    content: bytes
    kind: Kind
    outcome: Outcome = "landed"
    as_of: datetime | None = None
    lines: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxFile:
    """One file: what it is and what must become of it; the rest as `Made` has it."""

    path: Path
    kind: Kind
    outcome: Outcome
    as_of: datetime | None = None
    lines: int = 0


def write_files(folder: Path, files: Iterable[Made]) -> tuple[InboxFile, ...]:
    """Write files below a folder."""
    written = []
    for made in files:
        path = folder / made.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.content)
        written.append(
            InboxFile(
                path=path,
                kind=made.kind,
                outcome=made.outcome,
                as_of=made.as_of,
                lines=made.lines,
            )
        )
    return tuple(written)
