"""An import in a process of its own: `python elsewhere.py LAKE FOLDER`.

Writes what came of each file, and the most memory that the process ever had, as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from bedrot.pipeline.bringing import Stated
from bedrot.pipeline.importing import import_paths
from bedrot.testing.lakes import NOW, throwaway_lake

with throwaway_lake(Path(sys.argv[1])) as lake:
    done = import_paths(lake, [Path(sys.argv[2])], stated=Stated(), now=lambda: NOW)
    outcomes = {Path(told.shown).name: told.outcome for told in done}
unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
sys.stdout.write(json.dumps({"outcomes": outcomes, "megabytes": megabytes}))
