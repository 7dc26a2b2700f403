"""Changes to JSON documents: names, values, lists, and how they are written."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from mutating.model import Change

Doc = Any
Edit = Callable[[Doc, random.Random], Doc]


def edited(*edits: Edit, **dumping: Any) -> Change:
    """A change of the bytes by changes of the document; `dumping` is for `json.dumps`."""

    def change(content: bytes, chance: random.Random) -> bytes:
        document = json.loads(content, parse_float=_Number, parse_int=int)
        for edit in edits:
            document = edit(copy.deepcopy(document), chance)
        options = {"indent": 2, "ensure_ascii": False} | dumping
        return json.dumps(document, default=str, **options).encode()

    return change


class _Number(float):
    """A number with decimals; written as `repr` does, which loses none of those used here."""


def objects(document: Doc) -> Iterator[dict[str, Any]]:
    """Every object of a document, outer ones first."""
    if isinstance(document, dict):
        yield document
    members = document.values() if isinstance(document, dict) else document
    if isinstance(document, dict | list):
        for member in members:
            yield from objects(member)


def at(document: Doc, path: str) -> list[Any]:
    """The values at a path such as `streams[].date`; a leading `[]` is a list at the top."""
    found = [document]
    for part in [part for part in path.replace("[]", ".[]").split(".") if part]:
        if part == "[]":
            found = [item for one in found for item in one]
        else:
            found = [one[part] for one in found if part in one]
    return found


def _owners(document: Doc, path: str) -> tuple[list[dict[str, Any]], str]:
    owner, _, name = path.rpartition(".")
    found = [one for one in at(document, owner) if name in one]
    assert found, f"no `{path}`"
    return found, name


def renamed(path: str, to: str) -> Edit:
    """A member under another name, at its place."""

    def edit(document: Doc, _: random.Random) -> Doc:
        owners, name = _owners(document, path)
        for owner in owners:
            members = [(to if key == name else key, value) for key, value in owner.items()]
            owner.clear()
            owner.update(members)
        return document

    return edit


def without(path: str) -> Edit:
    def edit(document: Doc, _: random.Random) -> Doc:
        owners, name = _owners(document, path)
        for owner in owners:
            del owner[name]
        return document

    return edit


def added(path: str, value: Any) -> Edit:
    """A member that was not there; all objects at the path get it."""

    def edit(document: Doc, _: random.Random) -> Doc:
        owner, _, name = path.rpartition(".")
        for one in at(document, owner):
            one[name] = value
        return document

    return edit


def swapped(one: str, other: str) -> Edit:
    """The values of two members change places."""

    def edit(document: Doc, _: random.Random) -> Doc:
        owners, name = _owners(document, one)
        second = other.rpartition(".")[2]
        for owner in owners:
            if second in owner:
                owner[name], owner[second] = owner[second], owner[name]
        return document

    return edit


def values(change: Callable[[Any], Any], *paths: str) -> Edit:
    """All values at some paths."""

    def edit(document: Doc, _: random.Random) -> Doc:
        for path in paths:
            owners, name = _owners(document, path)
            for owner in owners:
                owner[name] = change(owner[name])
        return document

    return edit


def one_value(change: Callable[[Any], Any], path: str) -> Edit:
    """One of the values at a path."""

    def edit(document: Doc, chance: random.Random) -> Doc:
        owners, name = _owners(document, path)
        owner = chance.choice([one for one in owners if change(one[name]) != one[name]])
        owner[name] = change(owner[name])
        return document

    return edit


def lists(change: Callable[[list[Any], random.Random], list[Any]], path: str) -> Edit:
    """A list as a whole."""

    def edit(document: Doc, chance: random.Random) -> Doc:
        if not path:
            return change(document, chance)
        owners, name = _owners(document, path)
        for owner in owners:
            owner[name] = change(owner[name], chance)
        return document

    return edit


def repeated(items: list[Any], chance: random.Random) -> list[Any]:
    """One item twice."""
    place = chance.randrange(len(items))
    return [*items[: place + 1], copy.deepcopy(items[place]), *items[place + 1 :]]


def contradicted(name: str, value: Any) -> Callable[[list[Any], random.Random], list[Any]]:
    """One item twice, the second time with another figure."""

    def change(items: list[Any], chance: random.Random) -> list[Any]:
        place = chance.randrange(len(items))
        return [*items, {**copy.deepcopy(items[place]), name: value}]

    return change


def shuffled(items: list[Any], chance: random.Random) -> list[Any]:
    return chance.sample(items, len(items))


def shortened(items: list[Any], _: random.Random) -> list[Any]:
    """The last fifth is gone."""
    return items[: len(items) * 4 // 5]


def in_text(old: str, new: str, count: int = -1) -> Change:
    """A piece of the text replaced by another one."""

    def change(content: bytes, _: random.Random) -> bytes:
        text = content.decode()
        assert old in text, f"no `{old}`"
        return text.replace(old, new, count).encode()

    return change
