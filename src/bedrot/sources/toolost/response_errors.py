"""Why a response of TooLost's portal is set aside, and what a person does about it."""

from __future__ import annotations

from bedrot.errors import RejectedPayloadError
from bedrot.extract.inbox import printable

EMPTY = "empty"
MISSING_LIST = "missing_column"
TOO_LARGE = "too_large"
TOTALS_DISAGREE = "totals_disagree"
UNREADABLE_VALUE = "unreadable_value"

SAVE_AGAIN = (
    "open the portal's analytics while signed in, wait until the charts are drawn, and save the "
    "response again"
)


def rejected(msg: str, code: str, *, seen: str = "") -> RejectedPayloadError:
    """Set aside under a code; a new response is what helps."""
    # JSON can escape half a character, which no record of ours could hold.
    msg, seen = printable(msg), printable(seen)
    return RejectedPayloadError(msg, code=code, seen=seen or msg, next_step=SAVE_AGAIN)


def unreadable(place: str, why: str) -> RejectedPayloadError:
    """A member of the response is not what it has to be."""
    msg = f"`{place}` cannot be read: {why}"
    return rejected(msg, UNREADABLE_VALUE, seen=f"{place}: {why}")
