"""What a platform or browser gave in place of an export: why it holds no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrot.errors import RejectedPayloadError
from bedrot.extract.kinds import IN_PLACE_OF_DATA, kind_of, read_head
from bedrot.sources import all_sources

if TYPE_CHECKING:
    from pathlib import Path

    from bedrot.catalog.records import CaptureRecord
    from bedrot.extract.streams import Source

SIGN_IN_PAGE = "sign_in_page"
NO_DATA = "no_data"


def sign_in_page(reason: str, size: int) -> RejectedPayloadError:
    """Why a page that a source knows as its own, and as no data, is set aside."""
    return RejectedPayloadError(
        reason,
        code=SIGN_IN_PAGE,
        seen=f"an HTML page of {size} bytes",
        next_step="sign in again, save the export or page anew, and import that",
    )


def no_data(source: Source, kind: str, size: int) -> RejectedPayloadError:
    """Why a file of a kind that no export has is set aside, where its folder says whose it is."""
    return RejectedPayloadError(
        f"it lies in the inbox of {source.title}, and is {kind}",
        code=NO_DATA,
        seen=f"{size} bytes",
        next_step="download the export again, and import that",
    )


def why_no_export(record: CaptureRecord, path: Path) -> RejectedPayloadError | None:
    """Why a landed payload that no stream recognises is no export; None where nothing tells."""
    source = next(one for one in all_sources() if one.name == record.source)
    reason = source.stray(read_head(path))
    if reason is not None:
        return sign_in_page(reason, record.size_bytes)
    kind = kind_of(path, record.name)
    return no_data(source, kind, record.size_bytes) if kind in IN_PLACE_OF_DATA else None
