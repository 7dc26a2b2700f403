"""Which response a file is, and what may not be stored of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bedrot.extract.visits import Part
from bedrot.sources.linktree.responses import REFUSED, part_of
from bedrot.sources.linktree.synthetic import Day, Link, Page, refused_responses
from bedrot.sources.linktree.synthetic_responses import (
    analytics,
    links_response,
    overview_response,
    titles_response,
    written,
)

WINDOW = (date(2025, 5, 21), date(2025, 5, 27))
PAGE = Page(days={WINDOW[1]: Day(views=3, clicks=1)})
OVERVIEW = overview_response(PAGE, WINDOW)
TITLES = titles_response([Link(id=4711, title="Said the Sea")])

Asked = Callable[[bytes], Part | None]


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    def ask(body: bytes) -> Part | None:
        path = tmp_path / "response"
        path.write_bytes(body)
        return part_of(path)

    return ask


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (OVERVIEW, "overview"),
        (links_response(PAGE, WINDOW), "links, socials"),
        (TITLES, "link titles"),
        (analytics(), "analytics"),
        (OVERVIEW.decode().encode("utf-16"), "overview"),
        (json.dumps(json.loads(OVERVIEW), indent=2).encode("utf-8-sig"), "overview"),
    ],
)
def test_a_response_is_known_by_its_keys(body: bytes, kind: str, asked: Asked) -> None:
    assert asked(body) == Part(kind=kind)


@pytest.mark.parametrize("body", refused_responses())
def test_what_tells_of_the_holder_is_refused(body: bytes, asked: Asked) -> None:
    part = asked(body)
    assert part is not None
    assert part.kind in REFUSED
    assert "nothing of that is stored" in part.refused


def test_all_seven_keys_are_refused(asked: Asked) -> None:
    assert {part.kind for body in refused_responses() if (part := asked(body))} == REFUSED


@pytest.mark.parametrize(
    "body",
    [
        written({"getAccountAnalytics": {"overview": {}}, "currentUser": {"email": "x"}}),
        written({"getAccountAnalytics": {"overview": {"currentUser": {}}}}),
        written({"getAccountAnalytics": None}, extensions={"getFollowers": 1}),
        OVERVIEW[:-1] + b',"extensions":{"\\u0063urrentUser":1}}',
        OVERVIEW[:-2] + b',"currentUser":{"email":"owner@exam',
    ],
    ids=["beside", "inside", "outside", "escaped", "cut"],
)
def test_one_such_key_refuses_the_whole_response(body: bytes, asked: Asked) -> None:
    part = asked(body)
    assert part is not None
    assert part.refused


@pytest.mark.parametrize(
    "body",
    [
        b"[" + OVERVIEW + b"," + TITLES + b"]",
        b"\n[\n  " + OVERVIEW + b"]",
        (b"[" + OVERVIEW + b"]").decode().encode("utf-16"),
        b'[{"data":null},' + TITLES + b"]",
        b"[" + TITLES + b"," + OVERVIEW[:100],
    ],
    ids=["two", "one", "utf-16", "after one without data", "cut"],
)
def test_several_responses_in_one_list_are_refused_with_what_helps(
    body: bytes, asked: Asked
) -> None:
    part = asked(body)
    assert part is not None
    assert "several responses in one list" in part.refused
    assert "a file of its own" in part.next_step


def test_in_a_list_too_what_tells_of_the_holder_is_refused_for_that(asked: Asked) -> None:
    user = written({"currentUser": {"email": "x"}})
    alone, beside = asked(b"[" + user + b"]"), asked(b"[" + user + b"," + OVERVIEW + b"]")
    assert alone is not None
    assert beside is not None
    assert alone.kind == beside.kind == "currentUser"
    assert "nothing of that is stored" in beside.refused
    assert "nothing to do" in alone.next_step
    assert "a file of its own" in beside.next_step


@pytest.mark.parametrize("cut", [80, len(OVERVIEW) // 2, len(OVERVIEW) - 1])
def test_a_cut_response_is_ours_and_not_whole(cut: int, asked: Asked) -> None:
    assert asked(OVERVIEW[:cut]) == Part(kind="overview", is_whole=False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"data":{}}',
        b'{"data":null,"errors":[{"message":"no"}]}',
        b'{"data":[{"id":"1"}]}',
        b'{"data":{"somethingElse":{"id":1}}}',
        b'{"data":{"linkedin":{"id":1}}}',
        b'[{"data":{"somethingElse":{}}},{"data":null}]',
        b'[[{"data":{"getAccountAnalytics":{}}}]]',
        b'[{"getAccountAnalytics":{}}]',
        b"[]",
        b'{"getAccountAnalytics":{}}',
        OVERVIEW[:12],
    ],
)
def test_other_documents_are_not_ours(body: bytes, asked: Asked) -> None:
    assert asked(body) is None
