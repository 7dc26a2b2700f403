"""Whose figures a file has: what is stated, what its names say, and the folder that it lies in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bedrot.extract.inbox import named_inbox
from bedrot.sources import all_sources

if TYPE_CHECKING:
    from bedrot.extract.inbox import Handed
    from bedrot.extract.streams import Stream
    from bedrot.zones.lake import LakeConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidAccount:
    """The account of a file as it was said, and what is odd about how it was said.

    Where nobody said one, it is the lake's default.
    """

    account_id: str
    is_default: bool = False
    warnings: tuple[str, ...] = ()


def account_said(
    config: LakeConfig, stream: Stream, handed: Handed, stated: str | None
) -> SaidAccount:
    """Who is stated outranks the name of the file or archive, that its folder, that the default.

    A folder says an account only as `inbox/<source>/<account>/`, and only for files of that source.
    """
    if stated is not None:
        return SaidAccount(account_id=stated)
    in_name = (
        stream.account_in_name(handed.name, handed.container) if stream.account_in_name else None
    )
    in_folder, warnings = _in_folder(stream, handed)
    if in_name and in_folder and not _is_one(config, stream, in_name, in_folder):
        told = (
            f"its name says the account `{in_name}` and its folder `{in_folder}`: the name counts; "
            "if they are one, list both spellings in `aliases.toml`"
        )
        warnings = (told,)
    said = in_name or in_folder
    return SaidAccount(
        account_id=said or config.default_account, is_default=said is None, warnings=warnings
    )


def stated_moment(
    config: LakeConfig, stream: Stream, told: datetime | None, account_id: str
) -> datetime | None:
    """A time that a person stated; without a zone it is that of the account's clock."""
    if told is None or told.tzinfo is not None:
        return told
    return told.replace(tzinfo=config.account(account_id, stream.source).zone).astimezone(UTC)


def _in_folder(stream: Stream, handed: Handed) -> tuple[str | None, tuple[str, ...]]:
    folders = named_inbox(handed.place) if handed.place else None
    if folders is None:
        return None, ()
    source, account = folders
    if source.casefold() == stream.source:
        return account, ()
    if source.casefold() in {one.name for one in all_sources()}:
        told = (
            f"it lies in the inbox of {source} and is of {stream.source}: `{account}` says nothing"
        )
        return None, (told,)
    return None, ()


def _is_one(config: LakeConfig, stream: Stream, first: str, second: str) -> bool:
    """Whether two spellings are one account of the stream's source."""
    names = {config.account(said, stream.source).account_id for said in (first, second)}
    return len(names) == 1
