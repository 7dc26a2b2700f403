"""Names of artists and accounts, and the spellings under which platforms know them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bedrot.core.spellings import spelling_key
from bedrot.errors import SettingsError, UsageError

ALIASES_KEY = "aliases.toml"
FORMAT = 1

ALIASES_TEXT = """\
# Names of this lake: artists and accounts, and the spellings under which platforms know them.
# They are part of the input of its tables: after a change, `bedrot run` brings the tables up to
# date. A spelling that stands nowhere here loads as it is, and `bedrot status` lists it.
#
# Spellings are the same without regard to capitals and to the number of spaces. Everything else,
# such as a dot or an accent, makes another spelling: list it.
format = 1

# [[artist]]
# name = "Paper Lantern"
# spellings = ["PaperLantern", "paper.lantern"]

# One block for each account. `bedrot accounts add NAME` writes one, too. Figures of all its
# spellings are figures of one account.
#
# [[account]]
# name = "paper-lantern"
# spellings = ["paper.lantern", "paperlantern"]
# artist = "Paper Lantern"              # whom it is about; leave it out where it is about several
# sources = ["tiktok", "linktree"]      # leave it out where the names hold in every source
# time_zone = "America/Los_Angeles"     # where its owner's computer stamps names; UTC if left out
"""

_KEYS = {
    "artist": {"name", "spellings"},
    "account": {"name", "spellings", "artist", "sources", "time_zone"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Artist:
    """An artist's one name, and how else platforms write it."""

    name: str
    spellings: tuple[str, ...] = ()

    @property
    def all_spellings(self) -> tuple[str, ...]:
        """The name and the other spellings, those that are the same once."""
        return _distinct((self.name, *self.spellings))


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAccount:
    """An account's one name, how else it is called, and whom it is about.

    Without `sources` the names hold in every source. `artist` is the artist's one name.
    """

    name: str
    spellings: tuple[str, ...] = ()
    artist: str | None = None
    sources: tuple[str, ...] = ()
    time_zone: str | None = None

    @property
    def all_spellings(self) -> tuple[str, ...]:
        """The name and the other spellings, those that are the same once."""
        return _distinct((self.name, *self.spellings))


@dataclass(frozen=True, kw_only=True)
class Aliases:
    """What `aliases.toml` says."""

    artists: tuple[Artist, ...] = ()
    accounts: tuple[NamedAccount, ...] = ()

    def artist(self, spelling: str) -> Artist | None:
        """The artist whom a spelling names, if one does."""
        return self._artists.get(spelling_key(spelling))

    def account(self, spelling: str, source: str | None = None) -> NamedAccount | None:
        """The account that a spelling names in a source, if one does.

        An entry that names the source goes before one for every source.
        """
        found = self._named(spelling, source)
        # What a spelling stands for everywhere may be something else by its own name here.
        return found and (self._named(found.name, source) or found)

    def _named(self, spelling: str, source: str | None) -> NamedAccount | None:
        key = spelling_key(spelling)
        return self._accounts.get((source, key)) or self._accounts.get((None, key))

    @cached_property
    def _artists(self) -> Mapping[str, Artist]:
        return {
            spelling_key(spelling): artist
            for artist in self.artists
            for spelling in artist.all_spellings
        }

    @cached_property
    def _accounts(self) -> Mapping[tuple[str | None, str], NamedAccount]:
        return {
            (source, spelling_key(spelling)): account
            for account in self.accounts
            for source in account.sources or (None,)
            for spelling in account.all_spellings
        }


def _distinct(spellings: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for spelling in spellings:
        found.setdefault(spelling_key(spelling), spelling)
    return tuple(found.values())


def read_aliases(text: str) -> Aliases:
    """Read `aliases.toml`.

    Raises:
        SettingsError: it is no TOML, of another format, has a key that is not known, or gives one
            spelling to two artists or accounts.
    """
    try:
        told = tomllib.loads(text.removeprefix("\ufeff"))  # some editors begin a file with a mark
    except tomllib.TOMLDecodeError as exc:
        msg = f"`{ALIASES_KEY}` cannot be read: {exc}"
        raise SettingsError(msg, next_step=f"correct `{ALIASES_KEY}` in the lake's folder") from exc
    if told.get("format") != FORMAT:
        msg = f"`{ALIASES_KEY}` has format `{told.get('format')}`; this version reads {FORMAT}"
        raise SettingsError(msg, next_step=f"write `format = {FORMAT}` as its first line")
    _refuse_unknown(told, {"format", *_KEYS}, f"`{ALIASES_KEY}`")
    artists = tuple(_artist(entry) for entry in _entries(told, "artist"))
    _refuse_shared("artist", [(a.name, None, a.all_spellings) for a in artists])
    named = Aliases(artists=artists)
    accounts = tuple(_account(entry, named) for entry in _entries(told, "account"))
    _refuse_shared(
        "account",
        [(a.name, source, a.all_spellings) for a in accounts for source in a.sources or (None,)],
    )
    return Aliases(artists=artists, accounts=accounts)


def _entries(told: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    entries = told.get(kind, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        msg = f"`{ALIASES_KEY}` has a `{kind}` that is no block"
        raise SettingsError(msg, next_step=f"write [[{kind}]], with two brackets, and keys below")
    for number, entry in enumerate(entries, 1):
        where = f"{kind} `{entry['name']}`" if "name" in entry else f"{kind} number {number}"
        _refuse_unknown(entry, _KEYS[kind], f"`{ALIASES_KEY}`: {where}")
    return entries


def _refuse_unknown(told: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(told) - known)
    if unknown:
        msg = f"{where} has an unknown key `{unknown[0]}`"
        raise SettingsError(msg, next_step=f"the keys here are: {', '.join(sorted(known))}")


def _artist(entry: Mapping[str, Any]) -> Artist:
    name = _name(entry, "artist")
    return Artist(name=name, spellings=_texts(entry, "spellings", f"artist `{name}`"))


def _account(entry: Mapping[str, Any], named: Aliases) -> NamedAccount:
    name = _name(entry, "account")
    where = f"account `{name}`"
    return NamedAccount(
        name=name,
        spellings=_texts(entry, "spellings", where),
        artist=_artist_of(entry, where, named),
        sources=_texts(entry, "sources", where),
        time_zone=_time_zone(entry, where),
    )


def _name(entry: Mapping[str, Any], kind: str) -> str:
    name = entry.get("name")
    if is_name(name):
        return str(name)
    msg = f"`{ALIASES_KEY}` has an {kind} with the name `{name}`"
    raise SettingsError(msg, next_step=f'write `name = "…"` in every [[{kind}]]')


def is_name(value: object) -> bool:
    """Whether a value can name somebody: a text that is not blank, on one line."""
    return isinstance(value, str) and bool(spelling_key(value)) and value.isprintable()


def _texts(entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = entry.get(key, [])
    if isinstance(value, list) and all(is_name(one) for one in value):
        return tuple(value)
    msg = f"`{ALIASES_KEY}`: {where} has `{key}` that are no list of names"
    raise SettingsError(msg, next_step=f'write `{key} = ["…", "…"]`')


def _artist_of(entry: Mapping[str, Any], where: str, named: Aliases) -> str | None:
    if "artist" not in entry:
        return None
    told = entry["artist"]
    artist = named.artist(told) if is_name(told) else None
    if artist is None:
        msg = f"`{ALIASES_KEY}`: {where} is about `{told}`, who is no [[artist]] there"
        raise SettingsError(msg, next_step=f"correct the name, or write {artist_lines(str(told))}")
    return artist.name


def _time_zone(entry: Mapping[str, Any], where: str) -> str | None:
    if "time_zone" not in entry:
        return None
    return zone_named(str(entry["time_zone"]), f"`{ALIASES_KEY}`: {where}").key


def zone_named(text: str, where: str) -> ZoneInfo:
    """A time zone by its name.

    Raises:
        SettingsError: there is none of that name.
    """
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        msg = f"{where} has the unknown time zone `{text}`"
        raise SettingsError(
            msg, next_step="write an IANA name such as America/Los_Angeles there"
        ) from exc


def _refuse_shared(kind: str, told: Iterable[tuple[str, str | None, tuple[str, ...]]]) -> None:
    """Refuse a spelling that two entries of one source, or two for every source, have."""
    known: dict[tuple[str | None, str], str] = {}
    for name, source, spellings in told:
        for spelling in spellings:
            key = (source, spelling_key(spelling))
            if key in known:
                msg = (
                    f"`{ALIASES_KEY}`: the spelling `{spelling}` stands under two {kind}s, "
                    f"`{known[key]}` and `{name}`"
                )
                raise SettingsError(msg, next_step="take it out of one of them")
            known[key] = name


def artist_lines(name: str) -> str:
    """What to add for an artist, in one line for people to read."""
    return f"[[artist]] with name = {quoted_name(name)}"


def with_account(text: str, account: NamedAccount) -> str:
    """The text of `aliases.toml` with one more account at its end; all else stays as it is.

    Raises:
        UsageError: a spelling of it names an account already.
        SettingsError: the text, or what would become of it, cannot be read.
    """
    known = read_aliases(text)
    for spelling in account.all_spellings:
        for source in account.sources or (None,):
            found = known.account(spelling, source)
            if found is not None and (source is None or source in found.sources):
                msg = f"`{spelling}` names the account `{found.name}` already"
                raise UsageError(msg, next_step=f"change its block in `{ALIASES_KEY}`")
    lines = ["[[account]]", f"name = {quoted_name(account.name)}"]
    for key, values in (("spellings", account.spellings), ("sources", account.sources)):
        if values:
            lines.append(f"{key} = [{', '.join(map(quoted_name, values))}]")
    for key, value in (("artist", account.artist), ("time_zone", account.time_zone)):
        if value is not None:
            lines.append(f"{key} = {quoted_name(value)}")
    end = "\r\n" if "\r\n" in text else "\n"
    before = text if text.endswith("\n") else f"{text}{end}"
    longer = before + end + "".join(f"{line}{end}" for line in lines)
    read_aliases(longer)
    return longer


def quoted_name(text: str) -> str:
    """A printable text as a basic string of TOML, which escapes as JSON does."""
    return json.dumps(text, ensure_ascii=False)
