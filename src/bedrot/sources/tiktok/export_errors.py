"""Why an export of TikTok is set aside, and what a person does about it."""

from __future__ import annotations

from collections.abc import Mapping

from bedrot.errors import RejectedPayloadError
from bedrot.extract.parsed import ANYTHING
from bedrot.extract.streams import ACCOUNT

TRUNCATED = "truncated"
MISSING_COLUMN = "missing_column"
UNREADABLE_VALUE = "unreadable_value"
UNREADABLE_DATE = "unreadable_date"
MISSING_WINDOW = "missing_window"
MISSING_ACCOUNT = "missing_account"
WINDOW_DISAGREES = "window_disagrees"
MISSING_MOMENT = "missing_as_of"
DOUBLED_DAY = "doubled_day"
HOURS_MISSING = "hours_missing"
SHARES_DISAGREE = "shares_disagree"

DOWNLOAD_AGAIN = "download the export again and import it as it is, not saved by a spreadsheet"
STATE_WINDOW = "`bedrot import FILE --account NAME --window FIRST..LAST`"
STATE_MOMENT = "`bedrot import FILE --account NAME --as-of DAY`"


def rejected(
    msg: str, code: str, *, seen: str = "", next_step: str = DOWNLOAD_AGAIN
) -> RejectedPayloadError:
    """Set aside under a code."""
    return RejectedPayloadError(msg, code=code, seen=seen, next_step=next_step)


def window_disagrees(why: str, seen: str = "") -> RejectedPayloadError:
    """The days of the file are not those of its window."""
    msg = f"the file's days are not those of its window: {why}"
    return rejected(
        msg,
        WINDOW_DISAGREES,
        seen=seen,
        next_step="give the first and the last day that you chose when you downloaded it: "
        f"{STATE_WINDOW}; if that is what you did, download it again",
    )


def refuse_unsaid_account(given: Mapping[str, str], waived: frozenset[str]) -> None:
    """Refuse an export of which nobody said whose it is.

    Raises:
        RejectedPayloadError: With code `missing_account`.
    """
    if ACCOUNT not in given and not is_only_printed(waived):
        msg = "neither the file nor a name says whose figures these are"
        raise rejected(
            msg,
            MISSING_ACCOUNT,
            next_step="import the zip as TikTok named it, or state the account: "
            "`bedrot import FILE --account NAME`",
        )


def is_only_printed(waived: frozenset[str]) -> bool:
    """Whether the records are read to be shown, not to count: then nothing may stop them.

    The year of a day can be waived by nobody, as there would be no day to book the row on.
    """
    return waived is ANYTHING
