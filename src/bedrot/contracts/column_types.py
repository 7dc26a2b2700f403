"""The column types that contracts may use, and what each logical type allows."""

from __future__ import annotations

import re

_SPELLINGS = {
    "varchar": "varchar",
    "text": "varchar",
    "string": "varchar",
    "bigint": "bigint",
    "integer": "integer",
    "int": "integer",
    "smallint": "smallint",
    "double": "double",
    "double precision": "double",
    "boolean": "boolean",
    "bool": "boolean",
    "date": "date",
    "timestamptz": "timestamptz",
    "timestamp with time zone": "timestamptz",
}
_DECIMAL = re.compile(r"(?:decimal|numeric)\((\d+), ?(\d+)\)")
_WIDEST_DECIMAL = 38

MONEY_TYPE = "decimal(22,12)"
"""What `exact_decimal` gives: the default of a number that is not a ratio."""

_ALLOWED = {
    "string": ("varchar",),
    "integer": ("bigint", "integer", "smallint"),
    "number": ("decimal", "double"),
    "boolean": ("boolean",),
    "date": ("date",),
    "timestamp": ("timestamptz",),
}
LOGICAL_TYPES = tuple(_ALLOWED)


def normal_type(text: str) -> str | None:
    """The one spelling of a physical type; None for a type that the lake does not use.

    A timestamp without zone is not used: times in the lake are UTC and aware.
    """
    lowered = " ".join(text.lower().split())
    if (spelled := _SPELLINGS.get(lowered)) is not None:
        return spelled
    if (found := _DECIMAL.fullmatch(lowered)) is None:
        return None
    precision, scale = int(found[1]), int(found[2])
    if not 0 < precision <= _WIDEST_DECIMAL or scale > precision:
        return None
    return f"decimal({precision},{scale})"


def decimal_parts(sql_type: str) -> tuple[int, int] | None:
    """Precision and scale of a decimal type; None for any other."""
    found = _DECIMAL.fullmatch(sql_type)
    return None if found is None else (int(found[1]), int(found[2]))


def default_type(logical_type: str, *, is_ratio: bool) -> str:
    """The physical type of a column that names none."""
    if logical_type == "number":
        return "double" if is_ratio else MONEY_TYPE
    return _ALLOWED[logical_type][0]


def fits(logical_type: str, sql_type: str) -> bool:
    """Whether a normal physical type may stand for the logical type."""
    return sql_type.partition("(")[0] in _ALLOWED.get(logical_type, ())
