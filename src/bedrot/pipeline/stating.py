"""Stating what a file does not say: whose it is, which days it is about, when it was true."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bedrot.catalog import index
from bedrot.catalog.records import Decision
from bedrot.errors import DecisionError, RejectedPayloadError
from bedrot.extract.streams import ACCOUNT, ANSWERS
from bedrot.pipeline.accounts import stated_moment
from bedrot.pipeline.deciding import find_file, standings_now
from bedrot.pipeline.gate import STATEABLE, answer_to, examine_all, pass_gate
from bedrot.pipeline.locking import holding
from bedrot.pipeline.timeline import DROPPED, SET_ASIDE, waived_codes
from bedrot.sources import streams_reading
from bedrot.zones import journal
from bedrot.zones.landing import land, payload_key

if TYPE_CHECKING:
    from bedrot.catalog.records import CaptureRecord, Standing
    from bedrot.extract.streams import Stream
    from bedrot.pipeline.bringing import Stated
    from bedrot.zones.lake import Lake

log = structlog.get_logger(__name__)


def state(
    lake: Lake,
    prefix: str,
    stated: Stated,
    *,
    clock: Callable[[], datetime],
    reason: str = "",
    decided_by: str = "",
) -> CaptureRecord:
    """Say of a file that is set aside what it lacks; it is read with that at once.

    The statement is a capture of the same bytes. Both are kept for ever; once the second passes the
    gate, nothing stands against the first any more.

    Returns:
        The new capture. Its payload may have a name of its own.

    Raises:
        DecisionError: nothing that can be stated stands against the file, or it still cannot be
            read; then nothing was kept.
        LockedError: another process holds the lake.
        UnknownNameError: there is no such file.
    """
    with holding(lake, "quarantine accept", clock()):
        file_id = find_file(lake, prefix)
        codes = _stateable(file_id, standings_now(lake, everything=True))
        first = _stated_of(lake, file_id, stated)
        streams = streams_reading(first.source, first.stream)
        record = _stated_anew(lake, streams[0], first, stated, clock())
        hints = streams[0].hints(record) if streams[0].hints else {}
        record = replace(record, hints=hints)
        path = lake.store.local(payload_key(first))
        waived = waived_codes(journal.decisions(lake), record.file_id)
        try:
            examine_all(lake, streams, record, path, waived)
        except RejectedPayloadError as exc:
            msg = f"with what is stated `{first.name}` still cannot be read: {exc}"
            raise DecisionError(msg, next_step=exc.next_step) from exc
        land(lake, path, record)
        index.index_captures(lake.catalog, [record])
        pass_gate(lake, streams, record, path, waived)
        decision = Decision(
            kind="state",
            file_id=record.file_id,
            decided_at=clock(),
            reason=reason,
            decided_by=decided_by,
            codes=codes,
        )
        journal.record_decision(lake, decision)
        index.index_decisions(lake.catalog, [decision])
    log.info("statement_recorded", file_id=record.file_id, of=file_id)
    return record


def _stated_of(lake: Lake, file_id: str, stated: Stated) -> CaptureRecord:
    """The capture of which something is stated: the earliest that nobody answered yet.

    Raises:
        DecisionError: captures of several accounts wait, and no account is stated.
    """
    waiting = [c for c in index.captures(lake.catalog, file_id=file_id) if not answer_to(lake, c)]
    accounts = sorted({capture.account_id for capture in waiting})
    if len(accounts) > 1 and stated.account_id is None:
        told = ", ".join(f"`{name}`" for name in accounts)
        msg = f"`{file_id}` was brought in for several accounts: {told}"
        raise DecisionError(msg, next_step="say of which with `--account NAME`")
    return min(
        waiting,
        key=lambda c: (c.account_id != stated.account_id, c.landed_at, c.capture_id),
    )


def _stateable(file_id: str, standings: Sequence[Standing]) -> tuple[str, ...]:
    """The codes that stand against a file and that a statement answers."""
    against = [s for s in standings if s.file_id == file_id and s.status == SET_ASIDE]
    codes = tuple(sorted({s.code for s in against} & STATEABLE.keys()))
    if codes:
        return codes
    dropped = [s for s in standings if s.file_id == file_id and s.status == DROPPED]
    if dropped:
        msg = f"a person dropped `{file_id}`"
        raise DecisionError(
            msg, next_step=f"`bedrot quarantine accept {file_id}` takes that back; then state it"
        )
    if not against:
        msg = f"nothing stands against `{file_id}`, so nothing needs to be stated"
        raise DecisionError(msg, next_step="`bedrot quarantine list` lists what is set aside")
    msg = f"`{file_id}` lacks nothing that could be stated: {against[0].reason}"
    raise DecisionError(msg, next_step=against[0].next_step)


def _stated_anew(
    lake: Lake, stream: Stream, first: CaptureRecord, stated: Stated, now: datetime
) -> CaptureRecord:
    """The same sighting, with what a person says of it."""
    account = stated.account_id or first.account_id
    moment = stated_moment(lake.config, stream, stated.as_of, account)
    parameters = {**first.parameters, ANSWERS: first.capture_id}
    if stated.window:
        parameters["window"] = "..".join(day.isoformat() for day in stated.window)
    if stated.account_id:
        parameters.pop(ACCOUNT, None)
    return replace(
        first,
        account_id=account,
        as_of_stated=moment or first.as_of_stated,
        parameters=parameters,
        landed_at=now,
    )
