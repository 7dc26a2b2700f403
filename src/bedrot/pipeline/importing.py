"""Import: recognise what a person hands over, land what is ours, refuse the rest."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bedrot.errors import RejectedPayloadError, UnknownNameError
from bedrot.extract.inbox import Handed, named_inbox, walk
from bedrot.extract.kinds import IN_PLACE_OF_DATA, JSON_LIKE, kind_of, read_head
from bedrot.extract.parsed import ANYTHING
from bedrot.extract.redaction import mask_page
from bedrot.extract.visits import Response, write_visit
from bedrot.pipeline.accounts import stated_moment
from bedrot.pipeline.bringing import (
    LANDED,
    Imported,
    Importing,
    Stated,
    account_of,
    at_its_moment,
    judged,
    known_again,
    land_aside,
    masked,
    not_ours,
    profile_of,
    record_of,
    refused,
)
from bedrot.pipeline.gathering import (
    VISIT,
    Gathered,
    Group,
    dropped_whole,
    gathered_from,
    grouped,
    part_of_visit,
    visit_stream,
)
from bedrot.pipeline.indexing import index_landed
from bedrot.pipeline.locking import holding
from bedrot.pipeline.payloads import Payload, examine
from bedrot.pipeline.strays import no_data, sign_in_page
from bedrot.pipeline.timeline import dropped_files
from bedrot.sources import all_sources, streams_reading
from bedrot.zones import journal

if TYPE_CHECKING:
    from bedrot.extract.streams import Source, Stream
    from bedrot.extract.visits import Part
    from bedrot.zones.lake import Lake

log = structlog.get_logger(__name__)


def import_paths(
    lake: Lake,
    paths: Sequence[Path],
    *,
    stated: Stated,
    now: Callable[[], datetime],
    dry_run: bool = False,
    before: Callable[[str, str], None] = lambda _shown, _what: None,
) -> Iterator[Imported]:
    """Bring files in; a file that fails stops no other.

    One by one, but for the responses of a visit: they come in together, after all other files.

    `before` is told what each file was recognised as, before anything is done with it. With
    `dry_run` nothing is written into the lake.

    Raises:
        UsageError: a path does not exist, or `stated` names what there is not.
    """
    importing = Importing(
        lake=lake,
        sources=_chosen_sources(stated.source),
        stated=stated,
        decisions=journal.decisions(lake),
        now=now,
        before=before,
        is_dry=dry_run,
        rehearsed={},
    )
    lake.work.mkdir(parents=True, exist_ok=True)
    if not dry_run:
        index_landed(lake)
    # What lies in an archive is not masked yet: it is unpacked outside of the lake, where nothing of
    # it stays if this process is killed.
    with tempfile.TemporaryDirectory(prefix="bedrot-inbox-") as folder:
        for done in _each(importing, walk(paths, Path(folder)), Path(folder)):
            log.info("file_imported", outcome=done.outcome, source=done.source, kind=done.kind)
            yield done


def _chosen_sources(name: str | None) -> tuple[Source, ...]:
    if name is None:
        return all_sources()
    wanted = name.partition(".")[0]
    chosen = tuple(source for source in all_sources() if source.name == wanted)
    if not chosen:
        known = ", ".join(source.name for source in all_sources())
        msg = f"there is no source `{name}`"
        raise UnknownNameError(msg, next_step=f"the sources are: {known}")
    stream = name.partition(".")[2]
    streams = sorted({n for s in chosen[0].streams for n in (s.name, s.captured_as)})
    if stream and stream not in streams:
        msg = f"the source `{wanted}` has no stream `{stream}`"
        raise UnknownNameError(msg, next_step=f"its streams are: {', '.join(streams)}")
    return chosen


def _each(importing: Importing, files: Iterable[Handed], folder: Path) -> Iterator[Imported]:
    """What becomes of each file; responses of visits come last, when all of them are known."""
    gathered: list[Gathered] = []
    for handed in files:
        found = part_of_visit(importing.sources, handed)
        if found is None:
            yield _one(importing, handed)
            continue
        response = _response(importing, handed, *found)
        gathered.append(response)
        if response.part.refused:
            importing.before(handed.shown, f"{response.source.name}: {response.part.kind}")
            yield _not_kept(handed, response)
    if gathered:
        yield from _visits(importing, gathered, folder)


def _visits(importing: Importing, gathered: Sequence[Gathered], folder: Path) -> Iterator[Imported]:
    """Bring visits in. Two imports at once would each pack a half that the other cannot see."""
    lake = importing.lake
    dropped = dropped_files(importing.decisions)

    def stated_at(one: Gathered) -> datetime | None:
        stream = visit_stream(one.source)
        return stated_moment(lake.config, stream, importing.stated.as_of, one.account_id)

    def groups(responses: Sequence[Gathered]) -> list[Group]:
        return grouped(lake, responses, dropped, stated_at)

    with nullcontext() if importing.is_dry else holding(lake, "import", importing.now()):
        found = groups(gathered)
        apart = [one for group in found for one in _standing_in_the_way(importing, group)]
        if apart:
            found = groups([_set_apart(one) if one in apart else one for one in gathered])
        for number, group in enumerate(found):
            yield from _visit(importing, group, folder / f"visit-{number}")


def _response(importing: Importing, handed: Handed, source: Source, part: Part) -> Gathered:
    account = account_of(importing, handed, visit_stream(source))
    return gathered_from(handed, source, part, account)


def _set_apart(one: Gathered) -> Gathered:
    return dataclasses.replace(one, part=dataclasses.replace(one.part, is_whole=False))


def _standing_in_the_way(importing: Importing, group: Group) -> list[Gathered]:
    """The responses of a visit that would take the others with them.

    What a person may accept is none of them: it stays with its visit, so that accepting it lets all
    of it count.
    """
    stream = visit_stream(group.gathered[0].source)
    if not group.is_whole or _can_be_read(importing, stream, group.responses):
        return []
    return [one for one in group.gathered if not _can_be_read(importing, stream, [one.response])]


def _can_be_read(importing: Importing, stream: Stream, responses: Sequence[Response]) -> bool:
    """Whether responses can be read by all streams, whatever a person accepted of them."""
    with tempfile.TemporaryDirectory(dir=importing.lake.work, prefix="visit-") as folder:
        visit = Path(folder, "visit")
        # When one was seen is not the question here.
        write_visit((dataclasses.replace(one, at=one.at or _ANY_TIME) for one in responses), visit)
        payload = Payload(path=visit, file_id="", waived=ANYTHING, may_be_empty=True)
        try:
            profiles = [
                examine(importing.lake, one, payload)
                for one in streams_reading(stream.source, stream.captured_as)
            ]
        except RejectedPayloadError:
            return False
    return not any(rule.severity == "error" for told in profiles for rule in told.rules)


_ANY_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 - a clock on a wall


def _not_kept(handed: Handed, response: Gathered) -> Imported:
    """A response of which nothing but its kind may touch the lake."""
    return dataclasses.replace(
        refused(handed, response.part.refused),
        kind=response.part.kind,
        sha256="",
        source=response.source.name,
        account_id=response.account_id,
        next_step=response.part.next_step,
    )


def _visit(importing: Importing, group: Group, target: Path) -> Iterator[Imported]:
    """Bring a visit in as one payload, and say of each of its files what became of it."""
    write_visit(group.responses, target)
    lead = group.gathered[0]
    stream = visit_stream(lead.source)
    folder, slash, _ = lead.handed.name.rpartition("/")
    # What cannot be read with others keeps the name of its file: somebody has to find it.
    name = f"{folder}{slash}{group.name}" if group.is_whole else lead.handed.name
    payload = dataclasses.replace(lead.handed, path=target, name=name)
    if group.is_whole:
        payload = dataclasses.replace(payload, container=None, member_time=None)
    record = record_of(importing, payload, stream, group.redactions)
    record = dataclasses.replace(
        record,
        account_id=lead.account_id,
        parameters={**record.parameters, **({VISIT: dict(group.names)} if group.is_whole else {})},
    )
    dropped = dropped_whole(importing.lake, record, dropped_files(importing.decisions))
    if dropped is not None:
        told = profile_of(importing.lake, dropped)
        done = known_again(importing.lake, payload, dropped, told)
    else:
        done = judged(importing, payload, stream, record)
    for one in group.gathered:
        importing.before(one.handed.shown, f"{lead.source.name}: {one.part.kind}")
        yield dataclasses.replace(done, shown=one.handed.shown, kind=one.part.kind)
        done = _with_the_first(done)


def _with_the_first(done: Imported) -> Imported:
    """What is said of a visit's other responses: its rows and oddities are told once."""
    return dataclasses.replace(
        done,
        reason="of the same visit, told above" if done.outcome == LANDED else done.reason,
        rows=0,
        amount=None,
        units=None,
        first=None,
        newest=None,
        warnings=(),
    )


def _one(importing: Importing, handed: Handed) -> Imported:
    lake, before = importing.lake, importing.before
    if handed.refused:
        before(handed.shown, "an archive or file that cannot be opened")
        return refused(handed, f"it cannot be opened: {handed.refused}")
    try:
        stream = _recognised(handed.path, importing.sources, importing.stated.source)
        stray = None if stream else _stray(handed.path, importing.sources)
    except OSError as exc:
        before(handed.shown, "a file that cannot be read")
        return refused(handed, f"it cannot be read: {exc.strerror}")
    if stream is not None:
        before(handed.shown, stream.full_name)
        return _ours(importing, handed, stream)
    if stray is None:
        return _not_data(importing, handed) or not_ours(handed, before)
    source, reason = stray
    before(handed.shown, f"{source.title}: no data")
    # A page holds tokens and addresses, and no figures: it lands masked.
    named = source.stray_stream(read_head(handed.path))
    saved_for = next((s for s in source.streams if s.name == named), source.streams[0])
    with masked(lake, handed, mask_page) as (payload, redactions):
        record = record_of(importing, payload, saved_for, redactions)
        why = sign_in_page(reason, record.size_bytes)
        return land_aside(importing, payload, saved_for, record, why)


def _not_data(importing: Importing, handed: Handed) -> Imported | None:
    """Set aside what lies in a source's inbox in place of an export; None for any other file."""
    kind = kind_of(handed.path, handed.name)
    folders = named_inbox(handed.place) if handed.place else None
    said = folders[0].casefold() if folders else None
    source = next((one for one in importing.sources if one.name == said), None)
    if source is None or kind not in IN_PLACE_OF_DATA:
        return None
    if source.visits and kind == JSON_LIKE:
        return None  # what is cut off there may be the holder's own, and nothing tells
    importing.before(handed.shown, f"{source.title}: no data")
    with masked(importing.lake, handed, mask_page) as (payload, redactions):
        record = record_of(importing, payload, source.streams[0], redactions)
        why = no_data(source, kind, record.size_bytes)
        return land_aside(importing, payload, source.streams[0], record, why)


def _ours(importing: Importing, handed: Handed, stream: Stream) -> Imported:
    holder = stream.holder(handed.path) if stream.holder else None
    with masked(importing.lake, handed, stream.redact) as (payload, redactions):
        record = at_its_moment(stream, record_of(importing, payload, stream, redactions))
        return judged(importing, payload, stream, dataclasses.replace(record, holder=holder))


def _recognised(path: Path, sources: Sequence[Source], stated: str | None) -> Stream | None:
    """The stream whose sign the payload carries, asked of all streams."""
    wanted = stated.partition(".")[2] if stated else ""
    for source in sources:
        for stream in source.streams:
            if wanted and wanted not in {stream.name, stream.captured_as}:
                continue
            if stream.recognise(path, stream) is not None:
                return streams_reading(source.name, stream.captured_as)[0]
    return None


def _stray(path: Path, sources: Sequence[Source]) -> tuple[Source, str] | None:
    head = read_head(path)
    for source in sources:
        reason = source.stray(head)
        if reason is not None:
            return source, reason
    return None
