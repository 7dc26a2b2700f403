"""Small statistics pages: days with sensible defaults, and pages of them under a stamped name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bedrot.sources.distrokid.synthetic_pages import (
    Frame,
    Holder,
    Item,
    Store,
    apple_page,
    page_name,
    spotify_page,
)
from bedrot.testing.ledgers import Export

OURS = Holder()
THEIRS = replace(OURS, id=5500018, username="saltandwire", email="owner@salt-and-wire.example")

SPOTIFY: Store = "streams"
APPLE: Store = "applemusic"


def days(first: str, *streams: int) -> dict[date, int]:
    """Consecutive days with their streams."""
    start = date.fromisoformat(first)
    return {start + timedelta(days=n): value for n, value in enumerate(streams)}


def items(**streams: int) -> list[Item]:
    """A list of items by name; each has an id that its name gives."""
    return [
        Item(name=name, streams=value, id=int.from_bytes(name.encode()[:4]))
        for name, value in streams.items()
    ]


def page(  # noqa: PLR0913 - what a page shows, of whom, and where it was saved
    store: Store,
    told: Mapping[date, int],
    stamp: str,
    *,
    holder: Holder = OURS,
    scope: str = "all",
    lists: Mapping[str, Sequence[Item]] | None = None,
    account_id: str | None = None,
) -> Export:
    """A statistics page that was saved at noon UTC of a day (`20250601`), or at `20250601_083000`."""
    text = stamp if "_" in stamp else f"{stamp}_120000"
    moment = datetime.strptime(text, "%Y%m%d_%H%M%S").replace(tzinfo=UTC)
    frame = Frame(captured_at=moment, holder=holder, scope=scope)
    content = spotify_page(told, frame) if store == SPOTIFY else apple_page(told, frame, lists)
    return Export(name=page_name(store, moment), content=content, account_id=account_id)
