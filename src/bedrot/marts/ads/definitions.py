"""Contracts and SQL of the marts that stand once per level, written from one template each.

Campaigns, ad sets and ads differ in names and in what stands above them, and in nothing else. The
files that this module writes are plain contracts and plain SQL, and a test compares them with their
templates:

    python -m bedrot.marts.ads.definitions
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

HERE = Path(__file__).parent
LEVELS: Mapping[str, Mapping[str, str]] = {
    "campaign": {"entity": "campaign", "entities": "campaigns", "Entities": "Campaigns"},
    "adset": {"entity": "ad set", "entities": "ad sets", "Entities": "Ad sets"},
    "ad": {"entity": "ad", "entities": "ads", "Entities": "Ads"},
}
TABLES: Mapping[str, str] = {
    "daily_latest": "rpt_%s_daily_latest",
    "lifetime_latest": "rpt_%s_lifetime_latest",
    "lifetime_change": "fct_%s_lifetime_change",
}
"""The name of the table that each template gives, by level."""

_TAGGED = re.compile(r"\[([a-z,]+)\](.*)")


def definitions() -> dict[str, str]:
    """The text of every file, by its name in this folder."""
    return {
        f"{table % level}.{ending}": _filled(f"{template}.{ending}", level, words)
        for template, table in TABLES.items()
        for level, words in LEVELS.items()
        for ending in ("sql", "odcs.yaml")
    }


def _filled(template: str, level: str, words: Mapping[str, str]) -> str:
    """A template's lines that are for this level, with its words put in."""
    text = HERE.joinpath("templates", f"{template}.template").read_text(encoding="utf-8")
    lines = []
    for line in text.splitlines(keepends=True):
        tagged = _TAGGED.match(line)
        if tagged is None:
            lines.append(line)
        elif level in tagged[1].split(","):
            lines.append(f"{tagged[2]}\n")
    return Template("".join(lines)).substitute(words, level=level)


def write_definitions() -> None:
    """Write all files into this folder."""
    for name, text in definitions().items():
        HERE.joinpath(name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_definitions()
