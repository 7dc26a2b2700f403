"""Whole exports of every sort, each with the stream that reads it: what fuzzing begins with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mutating import distrokid_earnings, distrokid_pages, linktree, metaads, tiktok, toolost
from mutating.model import Subject

from bedrot.extract.visits import Response, write_visit
from bedrot.sources import all_sources

if TYPE_CHECKING:
    from bedrot.extract.streams import Stream

WINDOW = {"window": "2025-03-01..2025-05-09", "moment": "known", "account": "said"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A payload, and what its reading takes from the capture."""

    name: str
    content: bytes
    hints: Mapping[str, str] = field(default_factory=dict)


def _of(subject: Subject) -> Seed:
    return Seed(name=f"{subject.source} {subject.name}", content=subject.export.content)


def _members(subject: Subject) -> Iterator[Seed]:
    with zipfile.ZipFile(io.BytesIO(subject.export.content)) as held:
        for name in held.namelist():
            yield Seed(name=f"{subject.source} {name}", content=held.read(name), hints=WINDOW)


def _visit() -> Seed:
    seen = datetime(2025, 5, 20, 14)  # noqa: DTZ001 - a clock on a wall
    with zipfile.ZipFile(io.BytesIO(linktree.FIRST.export.content)) as held:
        bodies = [held.read(name) for name in held.namelist()]
    responses = [
        Response(at=seen + timedelta(seconds=n), body=body) for n, body in enumerate(bodies)
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder, "visit")
        write_visit(responses, path)
        return Seed(name="linktree visit", content=path.read_bytes())


def all_seeds() -> list[Seed]:
    """Every sort of payload that any source reads."""
    plain = (
        distrokid_earnings.FIRST_TSV,
        distrokid_earnings.FIRST_CSV,
        distrokid_pages.FIRST_SPOTIFY,
        distrokid_pages.FIRST_APPLE,
        toolost.FIRST_SPOTIFY,
        toolost.FIRST_APPLE,
        toolost.FIRST_SALES,
        metaads.FIRST_INSIGHTS,
        metaads.FIRST_EXPORT,
        metaads.FIRST_CAMPAIGNS,
    )
    archives = (tiktok.FIRST_OVERVIEW, tiktok.FIRST_FOLLOWERS, tiktok.FIRST_POSTS)
    return [
        *(_of(subject) for subject in plain),
        *(seed for subject in archives for seed in _members(subject)),
        _visit(),
    ]


def all_streams() -> list[Stream]:
    """Every stream of every source."""
    return [stream for source in all_sources() for stream in source.streams]
