"""Trees of text: what is beneath what, with texts from files printed as they stand there."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bedrot.cli.output import is_terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A line, what stands beneath it, and a text that follows it without any change."""

    label: str
    verbatim: str | None = None
    children: Sequence[Node] = field(default=())


def print_tree(root: Node) -> None:
    """Print a tree on standard output; tabs and long lines stay as they are.

    On a terminal other control characters are shown by their codes: a file must not steer it.
    """
    for line in _lines(root, "", ""):
        sys.stdout.write((_shown(line) if is_terminal(sys.stdout) else line) + "\n")


def _lines(node: Node, first: str, rest: str) -> Iterator[str]:
    yield f"{first}{node.label}"
    if node.verbatim is not None:
        yield f"{rest}{'│  ' if node.children else '   '}{node.verbatim}"
    for number, child in enumerate(node.children):
        is_last = number == len(node.children) - 1
        yield from _lines(
            child, rest + ("└─ " if is_last else "├─ "), rest + ("   " if is_last else "│  ")
        )


def _shown(line: str) -> str:
    return "".join(c if c.isprintable() or c in "\t\n" else f"\\x{ord(c):02x}" for c in line)
