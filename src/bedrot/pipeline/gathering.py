"""Gathering the responses of visits: files that are handed over one by one and read together."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.catalog import index
from bedrot.errors import RejectedPayloadError
from bedrot.extract.visits import (
    APART,
    MAX_RESPONSE_BYTES,
    Response,
    in_visits,
    is_undated,
    read_visit,
    time_of,
    visit_name,
    wall_clock,
)
from bedrot.zones.landing import payload_key
from bedrot.zones.raw import is_admitted

if TYPE_CHECKING:
    from bedrot.catalog.records import CaptureRecord
    from bedrot.extract.inbox import Handed
    from bedrot.extract.streams import Redact, Source, Stream
    from bedrot.extract.visits import Part
    from bedrot.zones.lake import Lake, LakeConfig

VISIT = "visit"
"""The parameter of a capture with the responses of its visit, and the names they came under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """One response that was handed over, masked, and whose it is; without bytes if refused."""

    handed: Handed
    source: Source
    part: Part
    account_id: str
    response: Response
    redactions: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What is kept as one payload: the responses, and which of them were handed over now.

    `refused` has the kinds of those that were handed over with them and of which nothing else is
    stored.
    """

    gathered: tuple[Gathered, ...]
    refused: tuple[str, ...]
    responses: tuple[Response, ...]
    names: tuple[tuple[str, str], ...]
    """Each response's name in the visit, and the name of the file that it came in."""

    @property
    def name(self) -> str:
        return visit_name(self.responses)

    @property
    def is_whole(self) -> bool:
        return all(one.part.is_whole for one in self.gathered)

    @property
    def redactions(self) -> Mapping[str, int]:
        """What was masked in the responses that were handed over now or refused, and how often."""
        total = Counter(f"refused {kind}" for kind in self.refused)
        for one in self.gathered:
            total.update(dict(one.redactions))
        return dict(total)


def part_of_visit(sources: Iterable[Source], handed: Handed) -> tuple[Source, Part] | None:
    """The source whose response a file is, and which one; None for files that are read alone."""
    if handed.refused:
        return None
    for source in sources:
        if source.visits is None:
            continue
        with suppress(OSError):  # said where every file is opened
            part = source.visits.part_of(handed.path)
            if part is not None:
                return source, _bounded(part, handed.path.stat().st_size)
    return None


def _bounded(part: Part, size: int) -> Part:
    if size <= MAX_RESPONSE_BYTES:
        return part
    told = f"the response has {size} bytes; up to {MAX_RESPONSE_BYTES} are read"
    return replace(part, refused=told, next_step="capture a shorter time, and import that")


def visit_stream(source: Source) -> Stream:
    """The stream in whose name a source's visits are captured."""
    name = source.visits.stream if source.visits else ""
    return next(stream for stream in source.streams if stream.name == name)


def gathered_from(handed: Handed, source: Source, part: Part, account_id: str) -> Gathered:
    """A response with its masked bytes, at the time in its name.

    The time is that of the clock on the wall where it was captured, as its name has it.
    """
    redact = source.visits.redact if source.visits else None
    body, redactions = (b"", ()) if part.refused else _masked(handed.path, redact)
    at = wall_clock(handed.name)
    if at is None and handed.container:
        at = wall_clock(handed.container.rpartition("#")[0])
    return Gathered(
        handed=handed,
        source=source,
        part=part,
        account_id=account_id,
        response=Response(at=at, body=body),
        redactions=redactions,
    )


def _masked(path: Path, redact: Redact | None) -> tuple[bytes, tuple[tuple[str, int], ...]]:
    if redact is None:
        return path.read_bytes(), ()
    target = io.BytesIO()
    with path.open("rb") as source:
        counts = redact(source, target)
    return target.getvalue(), tuple(sorted(counts.items()))


def grouped(
    lake: Lake,
    handed: Sequence[Gathered],
    dropped: Collection[str],
    stated_at: Callable[[Gathered], datetime | None],
) -> list[Group]:
    """The visits to which responses belong, with the responses of them that landed before.

    A visit that comes in two halves is the same visit as one that comes whole, in whatever order.
    Responses of no known time are one visit where a person states one time for them. What was cut
    off stands alone, so that the rest can be read without it.
    """
    gathered = [one for one in handed if not one.part.refused]
    refused = [one for one in handed if one.part.refused]
    groups = [_group([one]) for one in gathered if not one.part.is_whole]
    whole = [one for one in gathered if one.part.is_whole]
    for source, account in sorted({(one.source.name, one.account_id) for one in whole}):
        own = [one for one in whole if (one.source.name, one.account_id) == (source, account)]
        landed = _landed(lake, own[0].source, account, dropped)
        undated = [one for one in own if one.response.at is None]
        if undated:
            stated = stated_at(undated[0])
            before = [c for c in landed if stated and _is_undated_at(c, stated)]
            groups.append(_group(undated, [(c, _kept(lake, c)) for c in before]))
        dated = [one for one in own if one.response.at is not None]
        apart = [o for o in refused if (o.source.name, o.account_id) == (source, account)]
        groups += _dated_groups(lake, dated, apart, landed)
    return groups


def _is_undated_at(capture: CaptureRecord, stated: datetime) -> bool:
    return is_undated(capture.name) and capture.as_of_stated == stated


def _landed(
    lake: Lake, source: Source, account: str, dropped: Collection[str]
) -> list[CaptureRecord]:
    """The visits of an account that landed before and that nobody dropped."""
    stream = source.visits.stream if source.visits else ""
    return [
        capture
        for capture in index.captures(lake.catalog, source=source.name, stream=stream)
        if capture.account_id == account
        and VISIT in capture.parameters
        and capture.file_id not in dropped
    ]


def _dated_groups(
    lake: Lake,
    gathered: Sequence[Gathered],
    refused: Sequence[Gathered],
    landed: Sequence[CaptureRecord],
) -> list[Group]:
    times = {capture.capture_id: _times(capture) for capture in landed}
    now = [one.response.at for one in gathered if one.response.at]
    groups = []
    for span in in_visits([*now, *(t for told in times.values() for t in told)]):
        inside = [one for one in gathered if _is_within(one.response.at, span)]
        if not inside:
            continue
        before = [c for c in landed if any(_is_within(t, span) for t in times[c.capture_id])]
        near = (span[0] - APART, span[1] + APART)
        kinds = [one.part.kind for one in refused if _is_within(one.response.at, near)]
        groups.append(_group(inside, [(c, _kept(lake, c)) for c in before], kinds))
    return groups


def _is_within(at: datetime | None, span: tuple[datetime, datetime]) -> bool:
    return at is not None and span[0] <= at <= span[1]


def _times(capture: CaptureRecord) -> list[datetime]:
    found = (time_of(name) for name in capture.parameters[VISIT])
    return [moment for moment in found if moment]


def _kept(lake: Lake, capture: CaptureRecord) -> tuple[Response, ...]:
    """A landed visit's responses; none of one that cannot be opened, which `verify` names."""
    with suppress(RejectedPayloadError):
        return read_visit(lake.store.local(payload_key(capture)), undated=True).responses
    return ()


def _group(
    gathered: Sequence[Gathered],
    before: Sequence[tuple[CaptureRecord, Sequence[Response]]] = (),
    refused: Sequence[str] = (),
) -> Group:
    responses = {one.response.name: one.response for one in gathered}
    names = {one.response.name: _came_as(one.handed) for one in gathered}
    for capture, kept in before:
        responses.update({response.name: response for response in kept})
        names |= {r.name: capture.parameters[VISIT].get(r.name, r.name) for r in kept}
    return Group(
        gathered=tuple(gathered),
        refused=tuple(refused),
        responses=tuple(responses[name] for name in sorted(responses)),
        names=tuple(sorted(names.items())),
    )


def _came_as(handed: Handed) -> str:
    return f"{handed.container} > {handed.name}" if handed.container else handed.name


def counting_captures(lake: Lake, captures: Iterable[CaptureRecord]) -> list[CaptureRecord]:
    """The captures whose payloads passed the gate.

    A visit that came in two halves counts whole: its halves say nothing that it does not.
    """
    admitted = [capture for capture in captures if is_admitted(lake, capture)]
    smaller = smaller_visits(lake.config, admitted)
    return [capture for capture in admitted if capture.capture_id not in smaller]


def smaller_visits(config: LakeConfig, captures: Iterable[CaptureRecord]) -> frozenset[str]:
    """The captures of visits of which a larger one of the same account holds every response.

    Of responses without a time, only those are one visit for which one time was stated.
    """
    told = [
        (c.capture_id, _series(config, c), set(c.parameters[VISIT]))
        for c in captures
        if VISIT in c.parameters
    ]
    holding: dict[tuple[_Series, str], list[set[str]]] = {}
    for _, series, names in told:
        for name in names:
            holding.setdefault((series, name), []).append(names)
    return frozenset(
        capture_id
        for capture_id, series, names in told
        if any(names < others for others in holding[series, min(names)])
    )


_Series = tuple[str, "datetime | None"]


def _series(config: LakeConfig, capture: CaptureRecord) -> _Series:
    """Within what responses are one visit: an account, and what was stated where none has a time."""
    account = config.account(capture.account_id, capture.source).account_id
    return account, capture.as_of_stated if is_undated(capture.name) else None


def is_part_of(config: LakeConfig, part: CaptureRecord, whole: CaptureRecord) -> bool:
    """Whether a capture is of a part of a visit, and another one of more of it."""
    names, others = (one.parameters.get(VISIT, {}).keys() for one in (part, whole))
    return bool(names) and names < others and _series(config, part) == _series(config, whole)


def dropped_whole(
    lake: Lake, record: CaptureRecord, dropped: Collection[str]
) -> CaptureRecord | None:
    """The visit that a capture is a part of, if a person dropped it: no part of it counts."""
    if not dropped or VISIT not in record.parameters:
        return None
    beside = index.captures(lake.catalog, source=record.source, stream=record.stream)
    return next(
        (one for one in beside if one.file_id in dropped and is_part_of(lake.config, record, one)),
        None,
    )
