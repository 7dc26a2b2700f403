"""What the guide shows stands in the example, word for word."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
GUIDE = FOLDER.parents[1] / "docs" / "guides" / "add-a-source.md"
SHOWN = re.findall(
    r"^`(acme\S+)`:\n\n```\w+\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize(("path", "shown"), SHOWN, ids=[path for path, _ in SHOWN])
def test_a_piece_of_the_guide_stands_in_the_example(path: str, shown: str) -> None:
    assert shown in (FOLDER / path).read_text(encoding="utf-8")


def test_the_guide_shows_every_step() -> None:
    assert len({path for path, _ in SHOWN}) == 4


def test_every_link_of_the_guide_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", GUIDE.read_text("utf-8"))
    assert [link for link in links if not (GUIDE.parent / link).exists()] == []
