"""Import a folder of landing files into a new lake, run, and publish: in this process."""

from __future__ import annotations

import sys
from pathlib import Path

from bedrot.app import clock, create_lake
from bedrot.pipeline.bringing import Stated
from bedrot.pipeline.importing import import_paths
from bedrot.pipeline.running import run


def main(lake: Path, files: Path) -> None:
    """Landing to a lake release."""
    opened, _ = create_lake(lake)
    landed = [done.outcome for done in import_paths(opened, [files], stated=Stated(), now=clock)]
    outcome = run(opened, clock=clock).record.outcome
    if "landed" not in landed or outcome != "published":
        msg = f"{len(landed)} files came to: {outcome}"
        raise RuntimeError(msg)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
