"""Options with which a person states what files do not say themselves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bedrot.errors import UsageError

if TYPE_CHECKING:
    from bedrot.pipeline.bringing import Stated
    from bedrot.zones.lake import Lake

_A_DAY = timedelta(days=1)

AccountOption = Annotated[
    str | None,
    typer.Option(
        "--account",
        metavar="NAME",
        help="Whose figures these are, where the files do not say it. "
        "Otherwise the default account of lake.toml.",
        show_default=False,
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="TIME",
        help="When the files were exported, where no name and no content tells it: "
        "2025-05-27, or 2025-05-27T10:29:36 in the account's time zone.",
        show_default=False,
    ),
]
WindowOption = Annotated[
    str | None,
    typer.Option(
        "--window",
        metavar="DAYS",
        help="Which days the files are about, where they print no year: 2026-02-25..2026-03-24.",
        show_default=False,
    ),
]


def stated_by(
    lake: Lake, now: datetime, *, account: str | None, as_of: str | None, window: str | None
) -> Stated:
    """What the options say.

    Raises:
        UsageError: one of them is no name, time or window, or lies in the future.
    """
    from bedrot.pipeline.bringing import Stated

    return Stated(
        account_id=_account(account),
        as_of=_as_of(lake, as_of, now),
        window=_window(window, now),
    )


def _account(account: str | None) -> str | None:
    if account is not None and (not account.strip() or not account.isprintable()):
        msg = f"`{account}` is no name for an account"
        raise UsageError(msg, next_step="name it like --account main")
    return account


def _as_of(lake: Lake, text: str | None, now: datetime) -> datetime | None:
    """The time as it is typed: without a zone it is read in that of each file's account."""
    if text is None:
        return None
    from bedrot.core.dates import read_moment

    zone = lake.config.account(lake.config.default_account).zone
    if read_moment(text, zone) > now + _A_DAY:
        msg = f"--as-of `{text}` lies in the future"
        raise UsageError(msg, next_step="state when the files were exported")
    return datetime.fromisoformat(text)


def _window(text: str | None, now: datetime) -> tuple[date, date] | None:
    if text is None:
        return None
    from bedrot.core.dates import read_window

    window = read_window(text)
    if window[1] > (now + _A_DAY).date():
        msg = f"--window `{text}` ends in the future"
        raise UsageError(msg, next_step="state the days that the files are about")
    return window
