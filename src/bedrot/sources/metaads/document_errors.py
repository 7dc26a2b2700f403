"""Why a file of Meta Ads is set aside, and what a person does about it."""

from __future__ import annotations

from bedrot.errors import RejectedPayloadError

TRUNCATED = "truncated"
UNREADABLE_JSON = "unreadable_json"
UNREADABLE_VALUE = "unreadable_value"
UNREADABLE_RECORD = "unreadable_record"
RESHAPED_ID = "reshaped_id"
MISSING_FIELD = "missing_field"
CONTRADICTORY = "contradictory"
TOO_LARGE = "too_large"

_FETCH_AGAIN = "fetch the data again and import it as it came"
_NO_SPREADSHEET = "import the file as Meta gave it, not saved again by a spreadsheet"


def rejected(
    msg: str, code: str, *, seen: str = "", next_step: str = _FETCH_AGAIN
) -> RejectedPayloadError:
    """Set aside under a code, with what a person does next."""
    return RejectedPayloadError(msg, code=code, seen=seen, next_step=next_step)


def unreadable_value(place: str, key: str, value: str, due: str) -> RejectedPayloadError:
    """A field does not hold what is due there."""
    msg = f"`{key}` of {place} is no {due}: `{value[:40]}`"
    return rejected(
        msg, UNREADABLE_VALUE, seen=f"{place}: `{key}` = `{value[:40]}`", next_step=_NO_SPREADSHEET
    )


def reshaped_id(place: str, key: str, value: str) -> RejectedPayloadError:
    """An id that a spreadsheet turned into a number with an exponent."""
    msg = (
        f"`{key}` of {place} is `{value[:40]}`: a spreadsheet rounded the id, and nobody can tell "
        "which one it was"
    )
    return rejected(
        msg, RESHAPED_ID, seen=f"{place}: `{key}` = `{value[:40]}`", next_step=_NO_SPREADSHEET
    )
