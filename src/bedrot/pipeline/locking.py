"""One writer at a time: an operating-system lock, with the holder's name beside it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from bedrot.errors import LockedError

if TYPE_CHECKING:
    from pathlib import Path

    from bedrot.zones.lake import Lake


@contextmanager
def holding(lake: Lake, command: str, now: datetime) -> Iterator[None]:
    """Hold the lake for writing, or leave at once and say who holds it.

    The system releases the lock when its process ends, however it ends; the holder's name is
    information only, and may be left behind.

    Raises:
        LockedError: another process holds the lake.
    """
    from filelock import FileLock, Timeout

    lake.work.mkdir(parents=True, exist_ok=True)
    holder = lake.work / "holder.json"
    lock = FileLock(lake.work / "lake.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as exc:
        msg = f"the lake is held by {_told(holder)}"
        raise LockedError(msg, next_step="wait until it is done, and try again") from exc
    try:
        holder.write_text(
            json.dumps(
                {
                    "command": command,
                    "pid": os.getpid(),
                    "host": socket.gethostname(),
                    "since": now.isoformat(),
                }
            )
        )
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _told(holder: Path) -> str:
    try:
        told = json.loads(holder.read_text())
    except (OSError, ValueError):
        return "another process"
    return (
        f"`bedrot {told['command']}` (process {told['pid']} on {told['host']}, "
        f"since {told['since']})"
    )
