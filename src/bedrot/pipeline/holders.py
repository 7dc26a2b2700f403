"""Whose figures an account holds: the fingerprints that its files carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bedrot.catalog import index
from bedrot.pipeline.timeline import dropped_files, stamp_of
from bedrot.zones.raw import is_admitted

if TYPE_CHECKING:
    from bedrot.catalog.records import CaptureRecord, Decision
    from bedrot.zones.lake import Lake

_NEVER = datetime.max.replace(tzinfo=UTC)


def holders_of(lake: Lake, source: str, decisions: Sequence[Decision]) -> Mapping[str, str]:
    """The fingerprint of each account of a source, over all of its streams.

    Most of an account's payloads carry it; of two that are carried equally often it is the one
    whose oldest payload is older. So a single page of somebody else never outweighs the others,
    in whatever order they came.
    """
    dropped = dropped_files(decisions)
    carried: dict[str, dict[str, dict[str, datetime]]] = {}
    for capture in index.captures(lake.catalog, source=source):
        if capture.holder is None or capture.file_id in dropped or not is_admitted(lake, capture):
            continue
        account_id = lake.config.account(capture.account_id, source).account_id
        files = carried.setdefault(account_id, {}).setdefault(capture.holder, {})
        moment = _moment(lake, capture)
        files[capture.file_id] = min(files.get(capture.file_id, _NEVER), moment)
    return {
        account: min(holders, key=lambda holder: _rank(holder, holders[holder]))
        for account, holders in carried.items()
    }


def _moment(lake: Lake, capture: CaptureRecord) -> datetime:
    return capture.captured_at or stamp_of(lake, capture) or capture.as_of_stated or _NEVER


def _rank(holder: str, files: Mapping[str, datetime]) -> tuple[int, datetime, str]:
    return -len(files), min(files.values()), holder
