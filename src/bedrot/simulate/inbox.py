"""What the files of an invented inbox are, and what must become of each."""

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
]


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxFile:
    """One file: what it is and what must become of it.

    `as_of` is the stamp in its name read as UTC, `lines` the number of royalty lines or days
    printed in it; a file that must not land has neither.
    """

    path: Path
    kind: Kind
    outcome: Outcome
    as_of: datetime | None = None
    lines: int = 0
