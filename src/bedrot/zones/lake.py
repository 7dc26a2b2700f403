"""A lake: its store, its configuration and its catalogue, as one value."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bedrot.errors import SettingsError, UnknownNameError

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

# One table for each account. `time_zone` is the zone in which its owner's computer stamps the
# names of exports, such as 20250527_102936.
[accounts.main]
time_zone = "UTC"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account on a platform, as the lake's configuration names it."""

    account_id: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeConfig:
    """What `lake.toml` says."""

    default_account: str
    accounts: Mapping[str, Account]

    def account(self, account_id: str) -> Account:
        """The account's configuration; one that is not configured is read in UTC."""
        return self.accounts.get(account_id) or Account(account_id=account_id, zone=ZoneInfo("UTC"))


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


def read_config(text: str) -> LakeConfig:
    """Read `lake.toml`.

    Raises:
        SettingsError: it is no TOML, of another format, or a time zone is unknown.
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
    return LakeConfig(
        default_account=default,
        accounts={name: _account(name, value) for name, value in accounts.items()},
    )


def _refuse_unknown(told: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(told) - known)
    if unknown:
        msg = f"`{CONFIG_KEY}` has an unknown key `{where}{unknown[0]}`"
        raise SettingsError(msg, next_step=f"the keys here are: {', '.join(sorted(known))}")


def _account(name: str, value: object) -> Account:
    if not isinstance(value, dict):
        msg = f"`{CONFIG_KEY}` says `accounts.{name}` is `{value}`; an account is a table"
        raise SettingsError(msg, next_step=f"write [accounts.{name}] and its keys below it")
    _refuse_unknown(value, {"time_zone"}, f"accounts.{name}.")
    zone = str(value.get("time_zone", "UTC"))
    try:
        return Account(account_id=name, zone=ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError) as exc:
        msg = f"account `{name}` has the unknown time zone `{zone}`"
        raise SettingsError(
            msg, next_step=f"write an IANA name such as America/Los_Angeles in `{CONFIG_KEY}`"
        ) from exc


def table_key(zone: str, table: str) -> str:
    """Where a table lies."""
    if zone not in {STAGING, CURATED}:
        msg = f"no zone `{zone}` holds tables"
        raise UnknownNameError(msg)
    return f"{zone}/{table}"
