"""Contracts and SQL of the tables of insights, written from one template each.

The tables differ in level and nature and in nothing else. The files that this module writes are
plain contracts and plain SQL, and a test compares them with their templates:

    python -m bedrot.sources.metaads.definitions
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

HERE = Path(__file__).parent
NATURES = {"daily": "flow", "lifetime": "lifetime"}
_ENTITIES = {
    "campaign": ("campaign", "campaigns", "Campaign"),
    "adset": ("ad set", "ad sets", "Ad set"),
    "ad": ("ad", "ads", "Ad"),
}
LEVELS = tuple(_ENTITIES)

_TAGGED = re.compile(r"\[([a-z,]+)\](.*)")
_RATIO = """\
      - name: ${level}_%s
        logicalType: number
        physicalType: double
        description: %s
        customProperties:
          - {property: headerAliases, value: [%s]}
          - {property: unit, value: %s}
          - {property: ratio, value: true}
"""
_ID = """\
      - name: %(name)s_id
        logicalType: string
        physicalType: varchar
        description: Meta's id of the %(entity)s; null where the level is above it, or the file does not tell.
        customProperties:
          - {property: headerAliases, value: [%(name)s_id, %(title)s ID]}
"""


def definitions() -> dict[str, str]:
    """The text of every file, by its path below this folder."""
    made: dict[str, str] = {}
    for nature, kind in NATURES.items():
        for level, (entity, entities, title) in _ENTITIES.items():
            words = {"level": level, "entity": entity, "entities": entities, "Title": title}
            name = f"{level}_insights_{nature}"
            made |= _files(
                "insights", name, {level, nature}, {**words, "nature": nature, "kind": kind}
            )
        words = {"nature": nature, "kind": kind}
        made |= _files("insight_actions", f"insight_actions_{nature}", {nature}, words)
    return made


def _files(template: str, name: str, tags: set[str], words: Mapping[str, str]) -> dict[str, str]:
    return {
        f"contracts/{name}.odcs.yaml": _filled(f"{template}.odcs.yaml", tags, words),
        f"{name}.sql": _filled(f"{template}.sql", tags, words),
    }


def _filled(template: str, tags: set[str], words: Mapping[str, str]) -> str:
    """A template's lines that are for these tags, with its words put in."""
    text = HERE.joinpath("templates", f"{template}.template").read_text(encoding="utf-8")
    lines = []
    for line in text.splitlines():
        tagged = _TAGGED.fullmatch(line)
        if tagged is None:
            lines.append(_unfolded(line))
        elif tags & set(tagged[1].split(",")):
            lines.append(f"{tagged[2]}\n")
    return Template("".join(lines)).substitute(words)


def _unfolded(line: str) -> str:
    """A line, or the column that it stands for."""
    mark, _, rest = line.partition(" ")
    if mark == "{ratio}":
        name, aliases, unit, description = (part.strip() for part in rest.split("|"))
        return _RATIO % (name, description, aliases, unit)
    if mark == "{id}":
        entity, _, title = _ENTITIES[rest]
        return _ID % {"name": rest, "entity": entity, "title": title}
    return f"{line}\n"


def write_definitions() -> None:
    """Write all files into this folder."""
    for path, text in definitions().items():
        HERE.joinpath(path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_definitions()
