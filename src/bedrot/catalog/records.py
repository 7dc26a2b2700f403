"""The records that the lake keeps as files, and that the catalogue indexes.

Each record is a frozen value with a JSON form. The files are the truth; the catalogue can be
rebuilt from them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

FILE_ID_LENGTH = 16


def canonical_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """JSON with sorted keys and no white space, so that equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def short_hash(text: str) -> str:
    """The first 16 hex digits of the sha256 of a text: enough to name things, not to trust bytes."""
    return hashlib.sha256(text.encode()).hexdigest()[:FILE_ID_LENGTH]


def _plain(value: Any) -> Any:  # noqa: ANN401
    if value is None or type(value) in {str, int, bool, float}:
        return value
    if isinstance(value, datetime):
        return _aware(value).astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        msg = f"`{value}` has no time zone: reading it would depend on the machine's"
        raise ValueError(msg)
    return value


def _time(text: str | None) -> datetime | None:
    return None if text is None else _aware(datetime.fromisoformat(text)).astimezone(UTC)


_TIMES = frozenset(
    [
        "captured_at",
        "as_of_stated",
        "landed_at",
        "member_time",
        "decided_at",
        "judged_at",
        "started_at",
        "finished_at",
        "created_at",
    ]
)
_TUPLES = frozenset({"codes", "standings", "findings"})


class _Record:
    """JSON in and out for the frozen records below."""

    def to_dict(self) -> dict[str, Any]:
        return {
            f.name: _plain(getattr(self, f.name))
            for f in dataclasses.fields(self)  # type: ignore[arg-type]
        }

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        return cls.from_dict(json.loads(text))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        values = dict(data)
        for name in _TIMES & values.keys():
            values[name] = _time(values[name])
        for name in _TUPLES & values.keys():
            values[name] = tuple(values[name])
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRecord(_Record):
    """That a payload was seen once: by whom, when, under which name.

    Grain: one per sighting that says something new (another name, account, or stated time).
    The same bytes may have many captures; the payload is `file_id`.
    """

    source: str
    stream: str
    account_id: str
    sha256: str
    size_bytes: int
    name: str
    """Original relative path with forward slashes; inside an archive the member's path."""
    landed_at: datetime
    container: str | None = None
    """`<file name>#<sha256[:16]>` of the archive that held the payload.

    An archive in an archive stands behind it as in a folder; the hash is the outermost one's.
    """
    captured_at: datetime | None = None
    """When an extractor asked the platform; null for imports."""
    as_of_stated: datetime | None = None
    member_time: datetime | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    extractor: str = "import"
    redactions: Mapping[str, int] = field(default_factory=dict)
    holder: str | None = None
    """A fingerprint of whose account the payload shows, where it says so."""
    hints: Mapping[str, str] = field(default_factory=dict)
    """What the payload is to be read by and does not say itself, such as the year of its dates."""

    @property
    def file_id(self) -> str:
        """The payload's short name: the first 16 hex digits of its sha256.

        Bytes that are read by hints are another payload for every reading, and have a name of
        their own.
        """
        if self.hints:
            return short_hash(f"{self.sha256} {canonical_json(dict(self.hints))}")
        return self.sha256[:FILE_ID_LENGTH]

    @property
    def capture_id(self) -> str:
        """The same sighting always gets the same id, on any machine."""
        told = self.to_dict()
        for bookkeeping in (
            "landed_at",
            "size_bytes",
            "redactions",
            "extractor",
            "holder",
            "hints",
        ):
            told.pop(bookkeeping)
        return short_hash(canonical_json(told))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(_Record):
    """What the lake thinks of one payload: grain is (file_id, code).

    `origin` is `gate` (the payload alone fails) or `standing` (found by comparing files or
    applying contract rules). `status` is `set_aside` (its rows do not count), `information`
    or `warning` (they count, and this is said), or `dropped` (a person dropped it).
    """

    file_id: str
    source: str
    stream: str
    name: str
    origin: str
    status: str
    code: str
    reason: str
    seen: str = ""
    next_step: str = ""
    judged_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(_Record):
    """A person's recorded decision: part of the lake's input, kept for ever.

    `kind`: `accept` (count this file despite `codes`), `withdraw` (accept, and the lines it lacks
    are gone), `drop` (never count this file), `retry` (judge it again), `state` (it lacked what a
    person stated; the statement itself is a capture).
    """

    kind: str
    file_id: str
    decided_at: datetime
    reason: str = ""
    decided_by: str = ""
    codes: tuple[str, ...] = ()

    @property
    def decision_id(self) -> str:
        return short_hash(canonical_json(self.to_dict()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(_Record):
    """A lake release: one Delta version of every table.

    `tables` maps table name to `{"zone", "version", "rows", "definition_id"}`.
    """

    number: int
    created_at: datetime
    run_id: str
    tables: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord(_Record):
    """One run: what it did and what it found.

    `outcome` is `published`, `unchanged` or `failed`. `tables` maps a table to what was written
    (`{"version", "partitions": [...], "rows_written", "bytes_written"}`); `standings` are all
    standings in force at the end that are worth saying.
    """

    run_id: str
    command: str
    started_at: datetime
    finished_at: datetime
    outcome: str
    release: int | None = None
    tables: Mapping[str, Any] = field(default_factory=dict)
    standings: tuple[Mapping[str, Any], ...] = ()
    findings: tuple[Mapping[str, Any], ...] = ()
    error: str | None = None
