"""Check that uv.lock names the public index and nothing else.

`UV_DEFAULT_INDEX` leaks into the lock, even past an index pinned in pyproject.toml, and a lock that
names somebody's mirror works nowhere else. CONTRIBUTING.md has the command that locks cleanly.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ALLOWED = frozenset({"https://pypi.org", "https://files.pythonhosted.org"})
LOCK = Path(__file__).resolve().parent.parent / "uv.lock"


def foreign_hosts(text: str) -> list[str]:
    """Every host or local path in a lock that another machine cannot reach."""
    hosts = set(re.findall(r"\b[a-z+]+://[^/\"'\s]*", text))
    local = set(
        re.findall(r"(?:path|directory|editable|url|registry) = \"((?!https?:|\.\").*?)\"", text)
    )
    return sorted((hosts - ALLOWED) | local)


def main(arguments: list[str]) -> int:
    """Fail, and name what is foreign."""
    path = Path(arguments[0]) if arguments else LOCK
    foreign = foreign_hosts(path.read_text(encoding="utf-8"))
    if foreign:
        print(f"{path.name} names {', '.join(foreign)}; lock again as CONTRIBUTING.md says")
        return 1
    print(f"{path.name}: {' and '.join(sorted(ALLOWED))} only")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
