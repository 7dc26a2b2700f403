"""Of what a statistics page shows the figures: of the whole account, or of one track or album."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from bedrot.errors import RejectedPayloadError
from bedrot.sources.distrokid.page_errors import rejected
from bedrot.sources.distrokid.page_markup import Markup

ALL = "all"
UNKNOWN_SCOPE = "unknown_scope"
FILTERED_PAGE = "filtered_page"

_ONE = ("track", "album", "artist")
_TRACK_NAME = re.compile(r"\bvar\s+appleTrackName\s*=\s*(['\"])((?:\\.|(?!\1)[^\\])*)\1", re.DOTALL)
# Trackers carry the page's address as a value of theirs.
_ADDRESS = re.compile(
    r"[?&;]([a-z]{1,8})=(https?%3A%2F%2F(?:www\.)?distrokid\.com%2Fstats%2F?(?:%3F[\w%.~+-]*)?)"
    r"(?=[&\"'<>\s])",
    re.IGNORECASE,
)
_PAGE_KEYS = frozenset({"url", "p", "f", "dl", "u"})
_DATA = {"spotify": "streams", "apple": "applemusic"}

Sign = tuple[str, str | None]
"""What kind of scope, and the id of the one that is shown, where the sign tells it."""


def scope_of(text: str, markup: Markup, store: str) -> str:
    """`all`, or such as `track:64745987`.

    Raises:
        RejectedPayloadError: The page does not say, or its signs contradict each other.
    """
    signs = [*_chosen(markup), *(sign for _, sign in _addresses(text, store))]
    if not signs:
        msg = "nothing in the page says so"
        raise _unknown(msg)
    name = _TRACK_NAME.search(text)
    if name is not None and name[2]:
        signs.append(("track", None))
    kinds = {kind for kind, _ in signs}
    ids = {found for _, found in signs if found is not None}
    kind = next(iter(kinds))
    if len(kinds) > 1 or len(ids) > 1:
        told = " and ".join(sorted({_told(sign) for sign in signs}))
        msg = f"its signs contradict each other ({told})"
        raise _unknown(msg)
    if kind == ALL:
        return ALL
    if name is not None and not name[2] and kind == "track":
        msg = "its address names one track and its charts name none"
        raise _unknown(msg)
    if kind not in _ONE or not ids:
        msg = f"it shows one {kind} without saying which"
        raise _unknown(msg)
    return f"{kind}:{next(iter(ids))}"


def refuse_filtered(scope: str) -> None:
    """Set a page of one track or album aside, for its figures are not the account's.

    Raises:
        RejectedPayloadError: The scope is another than `all`.
    """
    if scope == ALL:
        return
    kind, _, found = scope.partition(":")
    msg = (
        f"the page shows one {kind} only (`{found}`); "
        "the figures of the whole account are on another page"
    )
    raise rejected(
        msg,
        FILTERED_PAGE,
        seen=scope,
        next_step="choose all albums and tracks on the page, and save that; "
        f"or accept this page, and it counts for the {kind} alone",
    )


def _chosen(markup: Markup) -> Iterator[Sign]:
    """What the drop-downs say; nothing where the page has none."""
    if not markup.selects:
        return
    track = markup.selects.get("trendingFilterTracks", ("", ""))[0]
    album = markup.selects.get("trendingFilterAlbums", ("", ""))[0]
    if track:
        yield "track", track
    if album:
        yield "album", album
    if not track and not album:
        kind = markup.selects.get("trendingMasterSelect", ("", ""))[1]
        yield {"": ALL, "tracks": "track", "albums": "album"}.get(kind, kind), None


def _addresses(text: str, store: str) -> list[tuple[str, Sign]]:
    found = [
        (key, (query.get("type", ALL), query.get("id") if "type" in query else None))
        for key, query in _queries(text)
        if query.get("data", "") in {"", _DATA[store]}
    ]
    found = [(key, (kind, None if kind == ALL else item)) for key, (kind, item) in found]
    # Some trackers say `ref` for the page's address, others for the page before it.
    certain = [item for item in found if item[0] in _PAGE_KEYS]
    return certain or [item for item in found if item[0] == "ref"]


def _queries(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    for found in _ADDRESS.finditer(text):
        query = parse_qs(urlsplit(unquote(found[2])).query)
        yield found[1].lower(), {name: values[0] for name, values in query.items()}


def _told(sign: Sign) -> str:
    kind, found = sign
    return kind if found is None else f"{kind} {found}"


def _unknown(why: str) -> RejectedPayloadError:
    msg = f"whether the page shows all tracks or one cannot be told: {why}"
    return rejected(
        msg,
        UNKNOWN_SCOPE,
        seen=why,
        next_step="open the page for all albums and tracks, and save it again",
    )
