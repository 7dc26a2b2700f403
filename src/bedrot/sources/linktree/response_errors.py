"""Why a visit to Linktree's analytics is set aside, and what a person does about it."""

from __future__ import annotations

from bedrot.errors import RejectedPayloadError

NOT_DAILY = "not_daily"
TOTALS_DISAGREE = "totals_disagree"
UNREADABLE_VALUE = "unreadable_value"

SAVE_AGAIN = (
    "open the analytics while signed in, wait until all of the page is drawn, and capture its "
    "responses again"
)
OR_ACCEPT = "; or accept them as they are: `bedrot quarantine accept`, with the file's id"


def rejected(
    msg: str, code: str, *, seen: str = "", next_step: str = SAVE_AGAIN
) -> RejectedPayloadError:
    """Set aside under a code; capturing again is what helps."""
    return RejectedPayloadError(msg, code=code, seen=seen or msg, next_step=next_step)


def unreadable(place: str, why: str, *, member: str = "") -> RejectedPayloadError:
    """A member of a response is not what it has to be."""
    place = f"{place}.{member}" if member else place
    msg = f"`{place}` cannot be read: {why}"
    return rejected(msg, UNREADABLE_VALUE, seen=f"{place}: {why}")
