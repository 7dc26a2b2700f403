"""Print what the lake makes of changed exports: one line a mutation, and totals below.

    python tools/mutation_table.py [SOURCE ...]

The list and the rules stand in tests/mutations. Leaves with 1 if any change ends silently wrong.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests" / "mutations"
sys.path.insert(0, str(TESTS))

from mutating.judging import CRASHED, WRONG, Judged, judge  # noqa: E402 - found through the path
from mutating.listing import all_mutations, of_source  # noqa: E402
from mutating.model import UNDETECTABLE as KINDS  # noqa: E402

HEADER = ("mutation", "operator", "outcome", "reason, or what was named")
WIDEST = 110


def judged(sources: Iterable[str]) -> list[Judged]:
    """All mutations of some sources."""
    found: list[Judged] = []
    for source in sources:
        with tempfile.TemporaryDirectory() as folder:
            found += judge(of_source(all_mutations(), source), Path(folder, "lake")).values()
    return found


def told(one: Judged) -> str:
    """The reason in one line."""
    reason = KINDS.get(one.told, one.told)
    return " ".join(f"{one.code}: {reason}".removeprefix(": ").split())[:WIDEST]


def table(rows: Sequence[Judged]) -> list[str]:
    """The lines of the table, the widest cell of a column deciding its width."""
    cells = [
        HEADER,
        *((one.mutation.id, one.mutation.operator, one.outcome, told(one)) for one in rows),
    ]
    widths = [max(len(row[place]) for row in cells) for place in range(len(HEADER))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return [lines[0], "-" * len(lines[0]), *lines[1:]]


def totals(rows: Sequence[Judged]) -> list[str]:
    """How many ended in which way, by source, by operator, and in all."""
    lines = []
    for title, key in (
        ("source", lambda one: one.mutation.subject.source),
        ("operator", lambda one: one.mutation.operator),
    ):
        counted: dict[str, Counter[str]] = {}
        for one in rows:
            counted.setdefault(key(one), Counter())[one.outcome] += 1
        lines += [f"\nby {title}:"]
        lines += [f"  {name:14} {_counts(counts)}" for name, counts in counted.items()]
    return [*lines, f"\n{len(rows)} mutations: {_counts(Counter(one.outcome for one in rows))}"]


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())


def main() -> int:
    """Judge and print."""
    known = list(dict.fromkeys(mutation.subject.source for mutation in all_mutations()))
    wanted = sys.argv[1:] or known
    unknown = set(wanted) - set(known)
    if unknown:
        print(f"no such source: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        return 2
    rows = judged(wanted)
    print("\n".join([*table(rows), *totals(rows)]))
    return 1 if any(one.outcome in {WRONG, CRASHED} for one in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
