from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "CONTRIBUTING.md")


def _words(page: str, first: str) -> list[list[str]]:
    text = (ROOT / page).read_text(encoding="utf-8")
    pattern = rf"(?:^|`|uv run |bin/){first} ([a-z][^`\n|]*)"
    return [found.split() for found in re.findall(pattern, text, flags=re.MULTILINE)]


def _command(words: list[str]) -> Any:
    from bedrot.cli.main import app

    command: Any = typer.main.get_command(app)
    for word in words:
        if not hasattr(command, "commands"):
            return command
        command = command.commands[word]
    return command


def _options(command: Any) -> Iterator[str]:
    for parameter in command.params:
        yield from parameter.opts


@pytest.mark.parametrize("page", PAGES)
def test_every_command_named_exists_with_its_options(page: str) -> None:
    for words in _words(page, "bedrot"):
        options = {word for word in words if word.startswith("--")}
        assert options <= {*_options(_command(words)), "--help"}, words


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_named_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert {words[0].strip(".,;:)") for words in _words(page, "make")} <= targets


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (page.parent / link).exists()] == []
