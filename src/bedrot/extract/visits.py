"""Visits: the responses that one look at a platform's pages gave, as one payload with a manifest.

A platform that answers one look with many responses says in none of them what the others say: one
has the days, another the totals of the same window without its days. Kept together they can be
read; apart they cannot. The payload is a zip without compression: a person can open it, and equal
responses give equal bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bedrot.core.dates import stamp_in_name
from bedrot.errors import RejectedPayloadError
from bedrot.extract.kinds import is_zip

if TYPE_CHECKING:
    from bedrot.extract.streams import Redact

APART = timedelta(minutes=10)
"""The longest pause within one visit."""
MAX_RESPONSES = 1000
MAX_RESPONSE_BYTES = 64 << 20
MAX_VISIT_BYTES = 256 << 20

_MANIFEST = "manifest.json"
_FORMAT = 1
_STAMP = "%Y%m%d_%H%M%S"
_FRACTION = "_%f"
_UNDATED = "undated"
_SAME_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a file is to a visit: its kind, and what keeps it from being one of its responses.

    `refused` says why nothing of it may be stored. What is not `whole` was cut off: it is set aside
    by itself, and the visit goes without it.
    """

    kind: str
    refused: str = ""
    next_step: str = "nothing to do: it holds no figures that the lake keeps"
    """What to do about one that is refused."""
    is_whole: bool = True


PartOf = Callable[[Path], "Part | None"]
"""Knows a file by its content as a part of a visit; None if it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """How a source's responses become visits.

    `stream` is the name under which visits are captured; the source's other streams that read them
    name it in `captured_as`. `redact` masks one response's secrets and personal data.
    """

    stream: str
    part_of: PartOf
    redact: Redact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One response: when it was given by the clock of who looked, and its bytes."""

    at: datetime | None
    body: bytes

    @property
    def name(self) -> str:
        """Its name in the visit: the time, and the beginning of its hash.

        Names sort by time. A whole second is named without a fraction, as in visits that were kept
        when no name had one: they stay parts of what is packed of them now.
        """
        form = _STAMP + _FRACTION if self.at and self.at.microsecond else _STAMP
        stamp = self.at.strftime(form) if self.at else _UNDATED
        return f"{stamp}-{hashlib.sha256(self.body).hexdigest()[:16]}.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The responses of a visit, oldest first."""

    responses: tuple[Response, ...]


def wall_clock(name: str) -> datetime | None:
    """The time in a file's or its folder's name, as the clock of the computer showed it.

    A fraction of the second counts where it follows the stamp in the file's own name.
    """
    found = stamp_in_name(name, ZoneInfo("UTC"))
    if found is None:
        return None
    own = name.replace("\\", "/").rpartition("/")[2]
    fractions = _after_stamp(found).findall(own)
    microsecond = int(fractions[-1].ljust(6, "0")) if fractions else 0
    return found.replace(tzinfo=None, microsecond=microsecond)


def _after_stamp(moment: datetime) -> re.Pattern[str]:
    """The fraction of a second that follows this time in a name."""
    return re.compile(
        f"{moment:%Y-?%m-?%d[_T -]?%H[-:.]?%M[-:.]?%S}[_.]([0-9]{{1,6}})Z?(?![0-9A-Za-z])"
    )


def in_visits(times: Iterable[datetime]) -> list[tuple[datetime, datetime]]:
    """The first and last moment of each visit: moments that are no more than `APART` from the next."""
    found: list[tuple[datetime, datetime]] = []
    for moment in sorted(times):
        if found and moment - found[-1][1] <= APART:
            found[-1] = (found[-1][0], moment)
        else:
            found.append((moment, moment))
    return found


def time_of(name: str) -> datetime | None:
    """The time of a response, from its name in a visit."""
    stamp = name.partition("-")[0]
    if stamp == _UNDATED:
        return None
    form = _STAMP + _FRACTION if stamp.count("_") > 1 else _STAMP
    return datetime.strptime(stamp, form)  # noqa: DTZ007 - a wall clock


def visit_name(responses: Sequence[Response]) -> str:
    """What a visit is called: after its first moment."""
    first = min((r.at for r in responses if r.at), default=None)
    return f"visit_{first.strftime(_STAMP) if first else _UNDATED}.zip"


def is_undated(name: str) -> bool:
    """Whether a visit of this name holds responses of no known time."""
    return name.endswith(visit_name(()))


def write_visit(responses: Iterable[Response], target: Path) -> None:
    """Write a visit; equal responses give equal bytes, in whatever order they are told."""
    by_name = {response.name: response for response in responses}
    ordered = [by_name[name] for name in sorted(by_name)]
    manifest = {
        "format": _FORMAT,
        "responses": [
            {
                "name": response.name,
                "at": response.at.isoformat() if response.at else None,
                "sha256": hashlib.sha256(response.body).hexdigest(),
            }
            for response in ordered
        ],
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        told = json.dumps(manifest, indent=1) + "\n"
        archive.writestr(zipfile.ZipInfo(_MANIFEST, _SAME_TIME), told)
        for response in ordered:
            archive.writestr(zipfile.ZipInfo(response.name, _SAME_TIME), response.body)


def is_visit(path: Path) -> bool:
    """Whether these bytes are a visit as this module writes it."""
    if not is_zip(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return _MANIFEST in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def read_visit(path: Path, *, undated: bool = False) -> Visit:
    """Read a visit; of responses without a time nobody can tell when they were true.

    Raises:
        RejectedPayloadError: It is damaged, too large, or undated without being allowed to be.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_large(archive)
            told = json.loads(archive.read(_MANIFEST))["responses"]
            visit = Visit(
                responses=tuple(
                    Response(
                        at=datetime.fromisoformat(one["at"]) if one["at"] else None,
                        body=archive.read(one["name"]),
                    )
                    for one in told
                )
            )
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, OSError) as exc:
        msg = f"the visit cannot be opened: {exc}"
        raise RejectedPayloadError(msg, code="unreadable_file") from exc
    if not undated:
        refuse_undated(visit)
    return visit


def refuse_undated(visit: Visit) -> None:
    """Refuse responses of which nobody can tell when they were given.

    Raises:
        RejectedPayloadError: One of them has no time.
    """
    if any(response.at is None for response in visit.responses):
        msg = (
            "nothing tells when these responses were given: no name of a file or folder has a time"
        )
        raise RejectedPayloadError(
            msg, code="unknown_moment", next_step="import them again with `--as-of TIME`"
        )


def _refuse_large(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    if len(members) > MAX_RESPONSES + 1 or size > MAX_VISIT_BYTES:
        msg = f"the visit has {len(members) - 1} responses and {size} bytes: that is no visit"
        raise RejectedPayloadError(msg, code="too_large")
