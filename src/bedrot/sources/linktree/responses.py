"""Which of Linktree's GraphQL responses a file is, by its keys: they name no operation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedrot.errors import RejectedPayloadError
from bedrot.extract import json_text
from bedrot.extract.streams import Recognition
from bedrot.extract.visits import MAX_RESPONSE_BYTES, Part, Visit, is_visit, read_visit

if TYPE_CHECKING:
    from bedrot.extract.streams import Stream

ANALYTICS = "getAccountAnalytics"
REFUSED = frozenset(
    {
        "analyticsChat",
        "commerceAccountRewards",
        "currentUser",
        "getFollowers",
        "getTotalBalanceByCurrency",
        "isWalletViewableV3",
        "walletExperience",
    }
)
"""What tells of the page's holder and not of the page: nothing of it is stored."""

MEMBERS = {
    "overview": "overview",
    "links": "links",
    "socials": "socials",
    "subscribers": "subscribers",
    "lifetime": "lifetime",
    "locations": "places",
    "referrers": "referrers",
    "devices": "devices",
}
"""The parts of the analytics that are read, and what people call them."""

_TITLE = re.compile(r"link[0-9]+")
_STARTS = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff|\x00|[ \t\r\n])*(?:\[[\x00 \t\r\n]*)?\{")
_HEAD_BYTES = 64 * 1024

BATCH = "responses in one list"
EACH_BY_ITSELF = (
    "keep each response as a file of its own, named after its time, and import those; the README "
    "of the source says how"
)


def part_of(path: Path) -> Part | None:
    """What a file is to a visit; None if it is no response of ours, or names nothing we know."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        # UTF-16 writes a zero byte beside each of these letters.
        if not _STARTS.match(head) or b'"data"' not in head.replace(b"\0", b""):
            return None
        return part_of_body(head + file.read(MAX_RESPONSE_BYTES - len(head)))


def part_of_body(body: bytes) -> Part | None:
    """What the bytes of a response are to a visit."""
    text = json_text.decoded(body)
    is_batch = text.startswith("[")
    # A list without its bracket is outlined as one response after the other.
    named = json_text.outline(text[is_batch:], member_depth=2).members.get("data")
    if not named:
        return None
    is_ours = ANALYTICS in named or any(is_title(name) for name in named)
    refused = sorted(json_text.all_names(text) & REFUSED)
    if refused:
        told = ", ".join(refused)
        why = f"it tells of the page's holder (`{told}`), and nothing of that is stored"
        part = Part(kind=told, refused=why)
        return replace(part, next_step=EACH_BY_ITSELF) if is_batch and is_ours else part
    if not is_ours:
        return None
    if is_batch:
        why = "it has several responses in one list, and none of them has a time of its own"
        return Part(kind=BATCH, refused=why, next_step=EACH_BY_ITSELF)
    try:
        json_text.parsed(text)
    except RejectedPayloadError:
        return Part(kind=_kind(text), is_whole=False)
    return Part(kind=_kind(text))


def is_title(name: str) -> bool:
    """Whether a key is the alias under which a link's title is told."""
    return _TITLE.fullmatch(name) is not None


def data_of(body: bytes) -> Mapping[str, Any]:
    """The data of a response.

    Raises:
        RejectedPayloadError: It was cut off, or cannot be read.
    """
    data = json_text.parsed(json_text.decoded(body)).get("data")
    return data if isinstance(data, Mapping) else {}


def recognise(path: Path, stream: Stream) -> Recognition | None:
    """A visit with at least one response of ours, whole or cut."""
    if not is_visit(path):
        return None
    try:
        visit = read_visit(path, undated=True)
    except RejectedPayloadError:
        return None
    if not _has_ours(visit):
        return None
    return Recognition(stream=stream.name, sign="a visit to Linktree's analytics")


def _has_ours(visit: Visit) -> bool:
    return any(part_of_body(response.body) is not None for response in visit.responses)


def _kind(text: str) -> str:
    """What a response tells, in the words of people."""
    named = json_text.outline(text, member_depth=3).members.get("data", set())
    told = [title for name, title in MEMBERS.items() if name in named]
    if any(is_title(name) for name in json_text.outline(text, member_depth=2).members["data"]):
        told.append("link titles")
    return ", ".join(told) or "analytics"
