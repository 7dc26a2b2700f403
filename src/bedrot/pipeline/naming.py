"""Names that people have to look at: the lake's accounts, and spellings that nothing knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bedrot.catalog import index
from bedrot.pipeline.locking import holding
from bedrot.pipeline.reading import query
from bedrot.pipeline.timeline import sight
from bedrot.sources import streams_reading
from bedrot.zones.aliases import ALIASES_KEY, ALIASES_TEXT, NamedAccount, with_account
from bedrot.zones.lake import CONFIG_KEY, read_config
from bedrot.zones.parts import read_profile

if TYPE_CHECKING:
    from bedrot.catalog.records import CaptureRecord, Release
    from bedrot.zones.lake import Lake
    from bedrot.zones.parts import Profile

_SPELLINGS = "dim_artist_spelling"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSeen:
    """An account of one source: what the configuration says of it, and what was captured.

    `source` is None of an account that is listed for every source and was captured in none.
    `called` is how captures call it. The days are those that its figures are about, `last_as_of`
    is when the newest capture was true.
    """

    source: str | None
    account_id: str
    is_known: bool
    artist: str | None
    time_zone: str
    called: tuple[str, ...] = ()
    files: int = 0
    captures: int = 0
    first_day: date | None = None
    last_day: date | None = None
    last_as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownArtist:
    """A spelling that `aliases.toml` does not know, and where published lines carry it."""

    source: str
    artist_name: str
    lines: int
    first_sale_month: str
    last_sale_month: str


def accounts_of(lake: Lake) -> list[AccountSeen]:
    """Every account that was captured or is listed, by source and name."""
    captured: dict[tuple[str, str], list[CaptureRecord]] = {}
    for capture in index.captures(lake.catalog):
        account = lake.config.account(capture.account_id, capture.source)
        captured.setdefault((capture.source, account.account_id), []).append(capture)
    found = [_seen(lake, source, name, told) for (source, name), told in captured.items()]
    names = {name for _, name in captured}
    for listed in lake.config.listed_accounts():
        if listed.sources:
            missing = [s for s in listed.sources if (s, listed.name) not in captured]
            found += [_listed(lake, source, listed.name) for source in missing]
        elif listed.name not in names:
            found.append(_listed(lake, None, listed.name))
    return sorted(found, key=lambda one: (one.source or "", one.account_id))


def _listed(lake: Lake, source: str | None, name: str) -> AccountSeen:
    account = lake.config.account(name, source)
    return AccountSeen(
        source=source,
        account_id=account.account_id,
        is_known=account.is_named,
        artist=account.artist,
        time_zone=account.zone.key,
    )


def _seen(lake: Lake, source: str, name: str, captures: list[CaptureRecord]) -> AccountSeen:
    account = lake.config.account(name, source)
    told = [(one, profile) for one in captures for profile in _profiles(lake, one)]
    days = [day for _, profile in told for day in (profile.first, profile.newest) if day]
    moments = [sight(lake, capture, profile).as_of for capture, profile in told]
    return AccountSeen(
        source=source,
        account_id=name,
        is_known=account.is_named,
        artist=account.artist,
        time_zone=account.zone.key,
        called=tuple(sorted({capture.account_id for capture in captures})),
        files=len({capture.file_id for capture in captures}),
        captures=len(captures),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        last_as_of=max((moment for moment in moments if moment), default=None),
    )


def _profiles(lake: Lake, capture: CaptureRecord) -> list[Profile]:
    found = [
        read_profile(lake, stream.table, stream.definition_id, capture.file_id)
        for stream in streams_reading(capture.source, capture.stream)
    ]
    return [profile for profile in found if profile is not None]


def unknown_accounts(lake: Lake) -> list[AccountSeen]:
    """The accounts that captures name and the lake's configuration does not."""
    captured: dict[tuple[str, str], list[CaptureRecord]] = {}
    for capture in index.captures(lake.catalog):
        if not lake.config.account(capture.account_id, capture.source).is_named:
            captured.setdefault((capture.source, capture.account_id), []).append(capture)
    return [_seen(lake, source, name, told) for (source, name), told in sorted(captured.items())]


def unknown_artists(lake: Lake, release: Release | None) -> list[UnknownArtist]:
    """The published spellings that `aliases.toml` does not know as it is now, most lines first."""
    if release is None or _SPELLINGS not in release.tables:
        return []
    rows = query(
        lake,
        "select source, artist_name, line_count as lines, first_sale_month, last_sale_month "
        f"from {_SPELLINGS} order by line_count desc, source, artist_name",
        str(release.number),
    ).to_pylist()
    aliases = lake.config.aliases
    return [UnknownArtist(**row) for row in rows if aliases.artist(row["artist_name"]) is None]


def name_account(lake: Lake, account: NamedAccount, *, clock: Callable[[], datetime]) -> Path:
    """Add an account to `aliases.toml`; nothing that stands there is changed.

    Returns:
        The file.

    Raises:
        UsageError: a spelling of it names an account already.
        SettingsError: with it, the lake's configuration would not be in order.
        LockedError: another process holds the lake.
    """
    with holding(lake, "accounts add", clock()):
        store = lake.store
        # What is decoded and encoded again without a change of line ends stays as it is.
        text = store.read(ALIASES_KEY).decode() if store.exists(ALIASES_KEY) else ALIASES_TEXT
        longer = with_account(text, account)
        read_config(store.read(CONFIG_KEY).decode(), longer)
        lake.work.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=lake.work, prefix="names-") as folder:
            finished = Path(folder, ALIASES_KEY)
            finished.write_bytes(longer.encode())
            store.put(ALIASES_KEY, finished)
    return store.local(ALIASES_KEY)
