"""`bedrot accounts`: whose figures the lake holds, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedrot.cli.errors import CommandGroup
from bedrot.cli.options import JsonOption, LakeOption
from bedrot.cli.output import print_json, print_table, say
from bedrot.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bedrot.catalog.records import Release
    from bedrot.pipeline.naming import AccountSeen, UnknownArtist
    from bedrot.zones.aliases import NamedAccount
    from bedrot.zones.lake import Lake

_SHOWN = 5

accounts = typer.Typer(cls=CommandGroup)


@accounts.callback(invoke_without_command=True)
def list_accounts(
    context: typer.Context, *, lake: LakeOption = None, as_json: JsonOption = False
) -> None:
    """List the accounts that were captured or are named, source by source; `add` names one.

    An account that nothing names is called as the files, their folder
    inbox/SOURCE/ACCOUNT/ or --account called it, and its times are read as UTC.

    Examples:
      bedrot accounts
      bedrot accounts --json
      bedrot accounts add paper-lantern --spelling paper.lantern
    """
    if context.invoked_subcommand is not None:
        return
    from bedrot.app import open_lake
    from bedrot.pipeline.naming import accounts_of
    from bedrot.zones.aliases import ALIASES_KEY

    opened = open_lake(lake)
    found = accounts_of(opened)
    file = opened.store.local(ALIASES_KEY)
    if as_json:
        print_json({"lake": opened.name, "file": str(file), "accounts": found})
        return
    print_table(
        None,
        [
            "source", "account", "named", "artist", "time zone", "called", "files", "captures",
            "first day", "last day", "newest as of",
        ],
        [
            [
                one.source, one.account_id, one.is_known, one.artist, one.time_zone,
                ", ".join(one.called) or None, one.files, one.captures, one.first_day,
                one.last_day, one.last_as_of,
            ]
            for one in found
        ],
    )  # fmt: skip
    say()
    say(f"their names and spellings: {file}")
    if any(not one.is_known for one in found):
        say("next: `bedrot accounts add NAME` names one")


@accounts.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The account's one name.")],
    *,
    lake: LakeOption = None,
    spelling: Annotated[
        list[str] | None,
        typer.Option(
            "--spelling",
            metavar="NAME",
            help="How else files or people call it; may be given several times.",
            show_default=False,
        ),
    ] = None,
    artist: Annotated[
        str | None,
        typer.Option(
            "--artist",
            metavar="NAME",
            help="The artist whom it is about, as aliases.toml lists one.",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            metavar="SOURCE",
            help="Where these names hold, such as tiktok; may be given several times. "
            "Otherwise in every source.",
            show_default=False,
        ),
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option(
            "--time-zone",
            metavar="ZONE",
            help="The zone in which its owner's computer stamps names of files, such as "
            "America/Los_Angeles. Otherwise UTC.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Name an account: a block is added to aliases.toml, and all that stands there stays.

    Figures of all its spellings are figures of one account from the next
    `bedrot run` on, those that are in the lake already too.

    Examples:
      bedrot accounts add second --time-zone America/Los_Angeles
      bedrot accounts add paper-lantern --spelling paper.lantern --source tiktok
    """
    from bedrot.app import clock, open_lake
    from bedrot.pipeline.naming import name_account
    from bedrot.zones.aliases import NamedAccount

    account = NamedAccount(
        name=_name(name),
        spellings=tuple(_name(one) for one in spelling or ()),
        artist=artist,
        sources=tuple(_source(one) for one in source or ()),
        time_zone=time_zone,
    )
    opened = open_lake(lake)
    file = name_account(opened, account, clock=clock)
    if as_json:
        print_json({"lake": opened.name, "file": str(file), "account": account})
        return
    say(f"named the account `{account.name}` in {file}")
    say(_next_step(opened, account))


def _name(text: str) -> str:
    from bedrot.zones.aliases import is_name

    if not is_name(text):
        msg = f"`{text}` is no name for an account"
        raise UsageError(msg, next_step="name it like `bedrot accounts add main`")
    return text


def _source(text: str) -> str:
    from bedrot.sources import all_sources

    known = [source.name for source in all_sources()]
    if text not in known:
        msg = f"there is no source `{text}`"
        raise UnknownNameError(msg, next_step=f"the sources are: {', '.join(known)}")
    return text


def _next_step(lake: Lake, account: NamedAccount) -> str:
    from bedrot.catalog import index
    from bedrot.core.spellings import spelling_key

    keys = {spelling_key(spelling) for spelling in account.all_spellings}
    if any(spelling_key(c.account_id) in keys for c in index.captures(lake.catalog)):
        return "next: `bedrot run` brings its tables up to date"
    return "next: `bedrot import PATH --account NAME`, or leave files in inbox/SOURCE/NAME/"


def unknown_names(lake: Lake, release: Release | None) -> dict[str, Sequence[Any]]:
    """What `status` has to say of names: spellings of artists, and accounts, that nothing knows."""
    from bedrot.pipeline.naming import unknown_accounts, unknown_artists

    return {
        "unknown_artists": unknown_artists(lake, release),
        "unknown_accounts": unknown_accounts(lake),
    }


def say_unknown_names(lake: Lake, told: dict[str, Sequence[Any]]) -> None:
    """Say for people which names are unknown, and the lines that make them known."""
    from bedrot.zones.aliases import ALIASES_KEY

    file = lake.store.local(ALIASES_KEY)
    artists: Sequence[UnknownArtist] = told["unknown_artists"]
    if artists:
        say(f"{len(artists)} spelling(s) of artists are unknown:", style="yellow")
        for one in artists[:_SHOWN]:
            months = f"{one.first_sale_month} to {one.last_sale_month}"
            say(f"  `{one.artist_name}`: {one.lines} line(s) of {one.source}, sold {months}")
        _say_rest(artists)
        say(f"  next: in {file} add it to the spellings of its artist, or the lines:")
        say(f"    [[artist]]\n    name = {_quoted(artists[0].artist_name)}")
    unnamed: Sequence[AccountSeen] = told["unknown_accounts"]
    if unnamed:
        say(f"{len(unnamed)} account(s) are unknown:", style="yellow")
        for seen in unnamed[:_SHOWN]:
            say(f"  `{seen.account_id}`: {seen.files} file(s) of {seen.source}")
        _say_rest(unnamed)
        first = _quoted(unnamed[0].account_id)
        say(f"  next: `bedrot accounts add {first}`, or, if it is another spelling of an account,")
        say(f"  add {first} to its spellings in {file}")


def _say_rest(told: Sequence[object]) -> None:
    if len(told) > _SHOWN:
        say(f"  and {len(told) - _SHOWN} more: `bedrot status --json`")


def _quoted(name: str) -> str:
    from bedrot.zones.aliases import quoted_name

    return quoted_name(name)
