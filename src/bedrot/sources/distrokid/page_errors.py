"""Why a statistics page is set aside, and what a person does about it."""

from __future__ import annotations

from bedrot.errors import RejectedPayloadError
from bedrot.extract.inbox import printable

HALF_LOADED = "half_loaded"
UNREADABLE_VALUE = "unreadable_value"

_SAVE_AGAIN = "open the page while signed in, wait until its charts are drawn, and save it again"


def half_loaded(what: str) -> RejectedPayloadError:
    """The page ends early, or was saved before it was whole; `what` says what is missing."""
    msg = f"the page was cut off or saved before it was loaded: {what}"
    return RejectedPayloadError(msg, code=HALF_LOADED, seen=what, next_step=_SAVE_AGAIN)


def unreadable(place: str, why: str) -> RejectedPayloadError:
    """A figure or a day of a chart is not what it has to be."""
    # JSON can escape half a character, which no record of ours could hold.
    place, why = printable(place), printable(why)
    msg = f"`{place}` cannot be read: {why}"
    return RejectedPayloadError(
        msg, code=UNREADABLE_VALUE, seen=f"{place}: {why}", next_step=_SAVE_AGAIN
    )


def rejected(
    msg: str, code: str, *, seen: str = "", next_step: str = _SAVE_AGAIN
) -> RejectedPayloadError:
    """Set aside under a code of its own."""
    return RejectedPayloadError(msg, code=code, seen=seen, next_step=next_step)
