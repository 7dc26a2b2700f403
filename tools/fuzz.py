"""Give damaged exports to every reader until the time is up, or until something gets out.

    python tools/fuzz.py [MINUTES]

The damage is drawn at random, from words that readers stumble over; the same in every run.
What is found is written to the file that is named in the end.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path[:0] = [str(TESTS / "fuzz"), str(TESTS / "mutations")]

from fuzzing.edits import KINDS, WORDS, Edit  # noqa: E402
from fuzzing.reading import read_by_all  # noqa: E402
from fuzzing.seeds import Seed, all_seeds  # noqa: E402

from bedrot.testing.lakes import throwaway_lake  # noqa: E402 - found through the path

SEEDS = all_seeds()
Try = Callable[[Seed, bytes], None]


def damaged(chance: random.Random) -> tuple[Seed, bytes]:
    """An export with one to five edits."""
    seed = chance.choice(SEEDS)
    content = seed.content
    for _ in range(chance.randint(1, 5)):
        word = chance.choice(WORDS)
        edit = Edit(chance.choice(KINDS), chance.random(), chance.randint(1, 64), word)
        content = edit.made(content)
    return seed, content


def at_random(attempt: Try, seconds: float) -> None:
    """Draw until the time is up; the seed of the draw is its number."""
    until = time.monotonic() + seconds
    number = 0
    while time.monotonic() < until:
        attempt(*damaged(random.Random(number)))
        number += 1
    print(f"{number} damaged exports: each read, set aside or unknown")


def main() -> None:
    """Fuzz for so many minutes; ten by themselves."""
    seconds = 60 * float(sys.argv[1] if len(sys.argv) > 1 else 10)
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    found = folder / "found"
    with throwaway_lake(folder / "lake") as lake:

        def attempt(seed: Seed, content: bytes) -> None:
            try:
                read_by_all(lake, folder / "payload", content, seed.hints)
            except Exception:
                found.write_bytes(content)
                print(f"from `{seed.name}`: {found}")
                raise

        at_random(attempt, seconds)


if __name__ == "__main__":
    main()
