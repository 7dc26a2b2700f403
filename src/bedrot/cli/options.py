"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

LakeOption = Annotated[
    Path | None,
    typer.Option(
        "--lake",
        metavar="FOLDER",
        help="The lake's folder. Otherwise BEDROT_LAKE says it; otherwise it is ./lake.",
        show_default=False,
    ),
]

JsonOption = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON document and nothing else on standard output."),
]

AtOption = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="RELEASE",
        help="An earlier lake release: its number, or a time such as 2025-05-31.",
        show_default=False,
    ),
]
