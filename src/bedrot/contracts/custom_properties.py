"""What we add to the standard under `customProperties`, each with its meaning.

The tables below are the whole list: the reader refuses every other name, and the reference page
is generated from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from open_data_contract_standard.model import CustomProperty


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomPropertyDefinition:
    """One name that contracts may use.

    `shape` is what its value has to be: `text`, `texts` (a list), `flag` (true or false),
    `count` (a whole number from 0), `column` or `columns` (names of columns of the contract).
    `decides_content` says whether a change makes the table stale.
    """

    shape: str
    description: str
    decides_content: bool = True


CONTRACT_PROPERTIES: Mapping[str, CustomPropertyDefinition] = {
    "tableKind": CustomPropertyDefinition(
        shape="text",
        description="How captures merge: ledger, flow, stock, window, lifetime or dimension for a "
        "staging table; mart for a table of the curated zone. Needed.",
    ),
    "partition": CustomPropertyDefinition(
        shape="column",
        description="The column by whose value the table is split and replaced.",
    ),
    "closingPartitionOf": CustomPropertyDefinition(
        shape="column",
        description="The date column whose calendar month or year the partition column holds.",
    ),
    "businessKey": CustomPropertyDefinition(
        shape="columns",
        description="A ledger's key: lines that agree in these columns are compared as one group "
        "between captures. A column that tells the sign of the amount belongs to it.",
    ),
    "amount": CustomPropertyDefinition(
        shape="column",
        description="A ledger's money: what is compared, at the coarser scale of two captures.",
    ),
    "units": CustomPropertyDefinition(
        shape="column",
        description="A ledger's counts, which are compared beside the amount.",
    ),
    "closingDate": CustomPropertyDefinition(
        shape="column",
        description="The date on which the platform closed a unit of the ledger: what an export "
        "has of it, it should have whole.",
    ),
    "scope": CustomPropertyDefinition(
        shape="columns",
        description="The columns by which an export may have been filtered. A ledger's capture "
        "that lacks whole values of one is filtered, which is information; else it is truncated. "
        "In other kinds they belong to the key, and every scope has days and ends of its own.",
    ),
    "period": CustomPropertyDefinition(
        shape="column",
        description="The date that a row is about: the day of a flow, the last day of a window.",
    ),
    "measures": CustomPropertyDefinition(
        shape="columns",
        description="The columns whose changes are restatements, in every kind but a ledger.",
    ),
    "whole": CustomPropertyDefinition(
        shape="columns",
        description="The columns in which rows agree that one capture tells as a whole, such as "
        "one top list of one window: the newest capture's rows stand, and none of an older one. "
        "Left out, every key stands for itself.",
    ),
    "provisionalDays": CustomPropertyDefinition(
        shape="count",
        description="How many of a capture's newest days are provisional, until one that tells them "
        "ends so many days later. The merge tells them in the column `is_provisional`.",
    ),
    "lagDays": CustomPropertyDefinition(
        shape="count",
        description="How many days after a day the platform has usually told it. A newer capture "
        "without it says that the platform stalls.",
        decides_content=False,
    ),
    "explainedBy": CustomPropertyDefinition(
        shape="texts",
        description="The tables whose rows `bedrot explain` shows beneath a row of this one.",
        decides_content=False,
    ),
    "freshnessDays": CustomPropertyDefinition(
        shape="count",
        description="After how many days without a newer period the table counts as stale.",
        decides_content=False,
    ),
}

COLUMN_PROPERTIES: Mapping[str, CustomPropertyDefinition] = {
    "headerAliases": CustomPropertyDefinition(
        shape="texts",
        description="The headers under which exports carry the column, in any case.",
    ),
    "headerNeeded": CustomPropertyDefinition(
        shape="flag",
        description="Whether a file without the column is set aside.",
    ),
    "headerDefault": CustomPropertyDefinition(
        shape="text",
        description="The text that stands where the file has no such column.",
    ),
    "unit": CustomPropertyDefinition(
        shape="text",
        description="What the number counts or measures, such as USD, streams or percent.",
    ),
    "ratio": CustomPropertyDefinition(
        shape="flag",
        description="Whether the column is a quotient: a double, never summed and never money.",
    ),
    "bookkeeping": CustomPropertyDefinition(
        shape="flag",
        description="Whether the column is outside keys, merges and content hashes.",
    ),
}


def read_custom_properties(
    written: Sequence[CustomProperty] | None,
    allowed: Mapping[str, CustomPropertyDefinition],
    *,
    place: str,
) -> tuple[dict[str, Any], list[str]]:
    """The values by name, and what is wrong with them. A list becomes a tuple."""
    values: dict[str, Any] = {}
    findings: list[str] = []
    for item in written or ():
        name = str(item.property)
        definition = allowed.get(name)
        if definition is None:
            known = ", ".join(allowed)
            findings.append(f"{place}: custom property `{name}` is not known (known: {known})")
        elif name in values:
            findings.append(f"{place}: custom property `{name}` stands twice")
        elif not _has_shape(item.value, definition.shape):
            findings.append(
                f"{place}: custom property `{name}` has to be {_SHAPES[definition.shape]}, "
                f"not `{item.value!r}`"
            )
        else:
            values[name] = tuple(item.value) if isinstance(item.value, list) else item.value
    return values, findings


_SHAPES = {
    "text": "a text",
    "texts": "a list of different texts",
    "flag": "true or false",
    "count": "a whole number from 0",
    "column": "the name of a column",
    "columns": "a list of different columns",
}


def _has_shape(value: Any, shape: str) -> bool:  # noqa: ANN401 - any YAML value
    if shape == "flag":
        return isinstance(value, bool)
    if shape == "count":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if shape in {"texts", "columns"}:
        return (
            isinstance(value, list)
            and bool(value)
            and all(isinstance(item, str) and item.strip() for item in value)
            and len(set(value)) == len(value)
        )
    # An empty header default is a text like any other: what an empty field would give.
    return isinstance(value, str)
