"""What is fuzzed lies beside this file, and the exports that it begins with beside the mutations."""

import sys
from pathlib import Path

FOLDERS = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "mutations")]
sys.path[:0] = [folder for folder in FOLDERS if folder not in sys.path]
