"""The example's package lies on the path, as an installed one would."""

import sys
from pathlib import Path

FOLDER = str(Path(__file__).parent / "acme" / "src")
if FOLDER not in sys.path:
    sys.path.insert(0, FOLDER)
