"""Results of ads: the lists of actions inside insights, by action type and attribution window."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bedrot.extract.streams import Note
from bedrot.sources.metaads.document_errors import (
    CONTRADICTORY,
    MISSING_FIELD,
    rejected,
    unreadable_value,
)
from bedrot.sources.metaads.fields import Row, whole_text

COUNTS = "actions"
VALUES = "action_values"
COSTS = "cost_per_action_type"
ACTION_LISTS = (COUNTS, VALUES, COSTS)
DEFAULT_WINDOW = "default"
"""What `value` is of: the window of the ad set's own attribution setting."""

NONE = "none"
"""The action type, a word of ours, of the one row that says that there was no action.

Meta leaves the lists out then. Without a row, an older answer's actions would go on standing.
"""

ACTION_BREAKDOWN = "action_breakdown"
_WINDOW = re.compile(r"[0-9]+d_[a-z_]+|dda|inline|incrementality|skan_[a-z_]+")


@dataclass(slots=True, kw_only=True)
class Action:
    """What one row of insights tells of one action type in one window."""

    row: Row
    entry: Row
    action_type: str
    window: str
    figures: dict[str, str] = field(default_factory=dict)


def actions_of(rows: Sequence[Row]) -> tuple[list[Action], list[Note]]:
    """All actions of the rows, in their order, and what is odd about them.

    Where some row tells `actions`, they were asked for, and a row without any gives one of type `none`.

    Raises:
        RejectedPayloadError: A list is split by a breakdown, or tells two things of one action.
    """
    found: list[Action] = []
    unknown: set[str] = set()
    are_asked_for = any(row.fields.get(COUNTS) is not None for row in rows)
    for row in rows:
        told: dict[tuple[str, str], Action] = {}
        entries = [(name, entry) for name in ACTION_LISTS for entry in row.rows(name)]
        for name, entry in entries:
            unknown |= _take(told, row, name, entry)
        if are_asked_for and not entries:
            found.append(Action(row=row, entry=row, action_type=NONE, window=DEFAULT_WINDOW))
        found.extend(told.values())
    if not unknown:
        return found, []
    text = f"parts of actions kept out, which are no known window: {', '.join(sorted(unknown))}"
    return found, [Note(code="unknown_windows", text=whole_text(text))]


def _take(told: dict[tuple[str, str], Action], row: Row, name: str, entry: Row) -> set[str]:
    """Add one entry of a list; returns the keys that nobody knows."""
    action_type = entry.text("action_type")
    if action_type is None:
        msg = f"{entry.place} has no `action_type`"
        raise rejected(msg, MISSING_FIELD, seen=f"{entry.place}: {entry.record[:160]}")
    if action_type.strip().lower() == NONE:
        raise unreadable_value(entry.place, "action_type", action_type, "action type of Meta's")
    unknown = set()
    for key in entry.fields:
        if key == "action_type":
            continue
        _refuse_breakdown(entry, key)
        if key != "value" and not _WINDOW.fullmatch(key):
            unknown.add(key)
            continue
        figure = _figure(name, entry, key)
        if figure is None:
            continue
        window = DEFAULT_WINDOW if key == "value" else key
        action = told.setdefault(
            (action_type, window),
            Action(row=row, entry=entry, action_type=action_type, window=window),
        )
        if action.figures.setdefault(name, figure) != figure:
            msg = f"`{name}` of {row.place} tells two things of `{action_type}`"
            raise rejected(msg, CONTRADICTORY, seen=f"{entry.place}: {entry.record[:160]}")
    return unknown


def _figure(name: str, entry: Row, key: str) -> str | None:
    if name == COUNTS:
        return entry.integer(key)
    return entry.decimal(key) if name == VALUES else entry.ratio(key)


def _refuse_breakdown(entry: Row, key: str) -> None:
    if key.startswith(("action_", "conversion_")):
        msg = f"the actions are split by `{key}`, which is not read"
        raise rejected(
            msg,
            ACTION_BREAKDOWN,
            seen=f"{entry.place}: {entry.record[:160]}",
            next_step="ask for the same without `action_breakdowns`",
        )
