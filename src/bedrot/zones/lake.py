"""A lake: its store, its configuration and its catalogue, as one value."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bedrot.core.spellings import spelling_key
from bedrot.errors import SettingsError, UnknownNameError
from bedrot.zones.aliases import (
    ALIASES_KEY,
    Aliases,
    NamedAccount,
    read_aliases,
    zone_named,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bedrot.zones.store import Store

CONFIG_KEY = "lake.toml"
FORMAT = 1
STAGING = "staging"
CURATED = "curated"

CONFIG_TEXT = """\
# Configuration of this lake: part of the input of its tables.
format = 1

[accounts]
# The account of imported files that name none, where `--account` is not given.
default = "main"

# `time_zone` is the zone in which its owner's computer stamps the names of exports, such as
# 20250527_102936. Other accounts, their spellings and artists stand in aliases.toml.
[accounts.main]
time_zone = "UTC"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account on a platform, under its one name.

    `is_named` says whether the lake's configuration names it; an account that it does not name is
    called as it was said. `artist` is whom it is about, where it is about one.
    """

    account_id: str
    zone: ZoneInfo
    artist: str | None = None
    is_named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeConfig:
    """What `lake.toml` and `aliases.toml` say. `time_zones` has the accounts of `lake.toml`."""

    default_account: str
    time_zones: Mapping[str, ZoneInfo]
    aliases: Aliases = field(default_factory=Aliases)

    def account(self, said: str, source: str | None = None) -> Account:
        """The account that somebody, or a file's name, calls so in a source.

        Where nothing says its time zone, that is UTC.
        """
        named = self.aliases.account(said, source)
        name = said if named is None else named.name
        own = self._named_here(name)
        zone = self.time_zones.get(own or name, _UTC)
        if named is None:
            return Account(account_id=own or name, zone=zone, is_named=own is not None)
        return Account(
            account_id=name,
            zone=zone if named.time_zone is None else ZoneInfo(named.time_zone),
            artist=named.artist,
            is_named=True,
        )

    def listed_accounts(self) -> tuple[NamedAccount, ...]:
        """Every account that the configuration names, sorted; each once, with its spellings."""
        told = {spelling_key(name): name for name in (self.default_account, *self.time_zones)}
        own = [NamedAccount(name=n) for n in told.values() if self.aliases.account(n) is None]
        return tuple(sorted((*self.aliases.accounts, *own), key=lambda a: (a.name, a.sources)))

    def _named_here(self, name: str) -> str | None:
        """The name in `lake.toml` that is the same spelling."""
        wanted = spelling_key(name)
        known = (*self.time_zones, self.default_account)
        return next((one for one in known if spelling_key(one) == wanted), None)


_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, kw_only=True)
class Lake:
    """One lake, opened. `work` is a local folder for spool files and spilled memory."""

    store: Store
    config: LakeConfig
    catalog: Engine
    work: Path
    memory_limit: str
    threads: int | None = None
    name: str = "lake"


def read_config(text: str, aliases: str | None = None) -> LakeConfig:
    """Read `lake.toml`, and `aliases.toml` where there is one.

    Raises:
        SettingsError: it is no TOML, of another format, a time zone is unknown, or the two files
            say different things of one account.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        msg = f"`{CONFIG_KEY}` cannot be read: {exc}"
        raise SettingsError(msg, next_step=f"correct `{CONFIG_KEY}` in the lake's folder") from exc
    if told.get("format") != FORMAT:
        msg = f"`{CONFIG_KEY}` has format `{told.get('format')}`; this version reads {FORMAT}"
        raise SettingsError(msg, next_step="use the version of bedrot that made this lake")
    _refuse_unknown(told, {"format", "accounts"}, "")
    accounts = dict(told.get("accounts", {}))
    default = accounts.pop("default", None)
    if not isinstance(default, str) or not default:
        msg = f"`{CONFIG_KEY}` names no default account"
        raise SettingsError(msg, next_step='write `default = "main"` under [accounts]')
    zones = {name: _zone(name, value) for name, value in accounts.items()}
    names = Aliases() if aliases is None else read_aliases(aliases)
    _refuse_disagreeing(zones, names)
    return LakeConfig(default_account=default, time_zones=zones, aliases=names)


def _refuse_unknown(told: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(told) - known)
    if unknown:
        msg = f"`{CONFIG_KEY}` has an unknown key `{where}{unknown[0]}`"
        raise SettingsError(msg, next_step=f"the keys here are: {', '.join(sorted(known))}")


def _zone(name: str, value: object) -> ZoneInfo:
    if not isinstance(value, dict):
        msg = f"`{CONFIG_KEY}` says `accounts.{name}` is `{value}`; an account is a table"
        raise SettingsError(msg, next_step=f"write [accounts.{name}] and its keys below it")
    _refuse_unknown(value, {"time_zone"}, f"accounts.{name}.")
    return zone_named(str(value.get("time_zone", "UTC")), f"`{CONFIG_KEY}`: account `{name}`")


def _refuse_disagreeing(zones: Mapping[str, ZoneInfo], names: Aliases) -> None:
    """An account of `lake.toml` may stand in `aliases.toml` too, under the same name and zone.

    Called otherwise there, it would lose its time zone, and with it the times of its files.
    """
    for name, zone in zones.items():
        found = names.account(name)
        if found is None:
            continue
        if spelling_key(found.name) != spelling_key(name):
            msg = f"`{name}` is an account of `{CONFIG_KEY}`, and in `{ALIASES_KEY}` a spelling of `{found.name}`"
        elif found.time_zone not in {None, zone.key}:
            msg = f"the account `{name}` has one time zone in `{CONFIG_KEY}` and another in `{ALIASES_KEY}`"
        else:
            continue
        raise SettingsError(
            msg,
            next_step=f"say its time zone in `{ALIASES_KEY}`, and take [accounts.{name}] out of `{CONFIG_KEY}`",
        )


def table_key(zone: str, table: str) -> str:
    """Where a table lies."""
    if zone not in {STAGING, CURATED}:
        msg = f"no zone `{zone}` holds tables"
        raise UnknownNameError(msg)
    return f"{zone}/{table}"
