from __future__ import annotations

import io

import pytest

from bedrot.cli.trees import Node, print_tree

TREE = Node(
    label="root",
    children=[
        Node(label="first", verbatim="a\tb", children=[Node(label="leaf")]),
        Node(label="second", verbatim="\x1b[31mred\r"),
    ],
)


def test_a_tree_keeps_texts_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    print_tree(TREE)
    assert capsys.readouterr().out == (
        "root\n├─ first\n│  │  a\tb\n│  └─ leaf\n└─ second\n      \x1b[31mred\r\n"
    )


def test_a_file_cannot_steer_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout", terminal)
    print_tree(TREE)
    assert "\\x1b[31mred\\x0d" in terminal.getvalue()
    assert "a\tb" in terminal.getvalue()
