"""A lake in a process of its own: `python elsewhere.py LAKE INBOX rebuild|run|bring_in|take_in`.

`bring_in` imports files one by one and `take_in` the inbox as a folder; both run afterwards.
Prints the contents and versions of the newest lake release and its standings as JSON, and how many
writes there were up to the end of the import and of the run. With `DIE_AT` set the process kills
itself at that write.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from five_sources.handing import standings

from bedrot.pipeline import writing
from bedrot.pipeline.bringing import Stated
from bedrot.pipeline.importing import import_paths
from bedrot.testing import lakes
from bedrot.testing.ledgers import Export

_WRITES = ("os.rename", "os.link", "os.remove", "os.rmdir", "shutil.move", "os.mkdir")


class Fate:
    """Counts what the process writes, and ends it at the chosen write."""

    def __init__(self, folder: Path, last: int | None) -> None:
        self.folder = str(folder)
        self.last = last
        self.writes = 0

    def step(self) -> None:
        self.writes += 1
        if self.writes == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, args: tuple[Any, ...]) -> None:
        is_write = event in _WRITES or (
            event == "open" and isinstance(args[1], str) and bool(set(args[1]) & set("wax+"))
        )
        if is_write and any(self.folder in str(arg) for arg in args):
            self.step()

    def watch(self) -> None:
        """Watch files written by Python, and commits, which the table library writes."""
        commit = writing.commit

        def watched(*args: Any, **kwargs: Any) -> int:
            self.step()
            version = commit(*args, **kwargs)
            self.step()
            return version

        writing.commit = watched
        sys.addaudithook(self.audit)


def main() -> None:
    folder, inbox, command = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    fate = Fate(folder, int(os.environ["DIE_AT"]) if "DIE_AT" in os.environ else None)
    with lakes.throwaway_lake(folder) as lake:
        fate.watch()
        if command == "bring_in":
            files = [Export(name=p.name, content=p.read_bytes()) for p in sorted(inbox.iterdir())]
            lakes.bring_in(lake, *files)
        elif command == "take_in":
            list(import_paths(lake, [inbox], stated=Stated(), now=lambda: lakes.NOW))
        imported = fate.writes
        if command == "rebuild":
            lakes.rebuild_lake(lake)
        else:
            lakes.run_lake(lake)
        told = {
            "contents": dict(lakes.contents(lake)),
            "versions": dict(lakes.versions(lake)),
            "standings": standings(lake),
            "imported": imported,
            "writes": fate.writes,
        }
        sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
