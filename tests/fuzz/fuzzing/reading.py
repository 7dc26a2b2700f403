"""Giving bytes to every stream: recognised or not, read or set aside, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.errors import RejectedPayloadError
from bedrot.extract.kinds import kind_of
from bedrot.pipeline.payloads import Payload, examine
from bedrot.sources import all_sources
from fuzzing.seeds import all_streams

if TYPE_CHECKING:
    from bedrot.extract.streams import Stream
    from bedrot.zones.lake import Lake


def read_by_all(lake: Lake, path: Path, content: bytes, hints: Mapping[str, str]) -> list[str]:
    """What every stream makes of a payload, where any knows it; what nobody knows gets a name.

    Anything that gets out of here but `RejectedPayloadError` would stop an import.
    """
    path.write_bytes(content)
    ours = [stream for stream in all_streams() if stream.recognise(path, stream) is not None]
    for stream in {(one.source, one.captured_as): one for one in ours}.values():
        _told_before_landing(stream, path)
    found = [f"{stream.full_name}: {_read(lake, stream, path, hints)}" for stream in ours]
    if not found:
        head = content[: 256 * 1024]
        strays = [source.stray(head) for source in all_sources()]
        found.append(next((text for text in strays if text), kind_of(path, "payload")))
    return found


def _told_before_landing(stream: Stream, path: Path) -> None:
    if stream.holder is not None:
        stream.holder(path)
    if stream.redact is not None:
        stream.redact(io.BytesIO(path.read_bytes()), io.BytesIO())


def _read(lake: Lake, stream: Stream, path: Path, hints: Mapping[str, str]) -> str:
    payload = Payload(path=path, file_id="0" * 16, hints=hints, may_be_empty=True)
    try:
        return f"{examine(lake, stream, payload).rows} rows"
    except RejectedPayloadError as exc:
        if not str(exc) or not exc.code:
            raise AssertionError("set aside without a reason") from exc
        f"{exc}{exc.seen}{exc.next_step}".encode()  # it is written down
        return exc.code
