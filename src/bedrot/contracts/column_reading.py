"""One column of a contract, read and judged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bedrot.contracts.column_types import LOGICAL_TYPES, default_type, fits, normal_type
from bedrot.contracts.custom_properties import COLUMN_PROPERTIES, read_custom_properties
from bedrot.contracts.model import BOOKKEEPING, CLASSIFICATIONS, STAGING_KINDS, Column

if TYPE_CHECKING:
    from open_data_contract_standard.model import SchemaProperty

_NAME = re.compile(r"_?[a-z][a-z0-9_]*")
_MONEY = re.compile(r"(?:.*_)?usd")
_RESERVED = frozenset(column.name for column in BOOKKEEPING)


def read_column(written: SchemaProperty, *, kind: str) -> tuple[Column | None, list[str]]:
    """The column, or None where its type cannot be told, and what is wrong with it."""
    name = written.name or ""
    place = f"column `{name}`"
    if not _NAME.fullmatch(name):
        return None, [f"{place}: a name is lower case letters, digits and `_`"]
    custom, findings = read_custom_properties(
        written.customProperties, COLUMN_PROPERTIES, place=place
    )
    is_ratio = bool(custom.get("ratio", False))
    sql_type, wrong = _sql_type(written, is_ratio=is_ratio)
    findings.extend(f"{place}: {finding}" for finding in wrong)
    if sql_type is None:
        return None, findings
    column = Column(
        name=name,
        logical_type=str(written.logicalType),
        sql_type=sql_type,
        description=(written.description or "").strip(),
        required=bool(written.required),
        classification=written.classification or "internal",
        unit=custom.get("unit"),
        header_aliases=custom.get("headerAliases", ()),
        header_needed=bool(custom.get("headerNeeded", False)),
        is_bookkeeping=bool(custom.get("bookkeeping", False)),
        is_ratio=is_ratio,
        header_default=custom.get("headerDefault"),
    )
    judged = [*_type_findings(column), *_text_findings(column), *_header_findings(column, kind)]
    judged.extend(_unread_findings(written))
    findings.extend(f"{place}: {finding}" for finding in judged)
    return column, findings


def _sql_type(written: SchemaProperty, *, is_ratio: bool) -> tuple[str | None, list[str]]:
    logical = written.logicalType
    if logical not in LOGICAL_TYPES:
        known = ", ".join(LOGICAL_TYPES)
        return None, [f"logicalType `{logical}` is not used here (use one of: {known})"]
    if written.physicalType is None:
        return default_type(logical, is_ratio=is_ratio), []
    sql_type = normal_type(written.physicalType)
    if sql_type is None:
        return None, [f"physicalType `{written.physicalType}` is not used here"]
    if not fits(logical, sql_type):
        return None, [f"physicalType `{sql_type}` does not hold a `{logical}`"]
    return sql_type, []


def _type_findings(column: Column) -> list[str]:
    findings = []
    is_double = column.sql_type == "double"
    if is_double and _MONEY.fullmatch(column.name):
        findings.append("money is decimal, never double")
    elif is_double and not column.is_ratio:
        findings.append("a double has to be marked with the custom property `ratio: true`")
    if column.is_ratio and not is_double:
        findings.append(f"a ratio is a double, not `{column.sql_type}`")
    return findings


def _text_findings(column: Column) -> list[str]:
    findings = []
    if not column.description:
        findings.append("the description is missing")
    if column.classification not in CLASSIFICATIONS:
        known = ", ".join(CLASSIFICATIONS)
        findings.append(f"classification `{column.classification}` is none of: {known}")
    return findings


def _header_findings(column: Column, kind: str) -> list[str]:
    findings = []
    is_staging = kind in STAGING_KINDS
    if is_staging and column.name in _RESERVED:
        findings.append("bookkeeping columns are added to staging tables; do not write them")
    elif column.name.startswith("_") and not column.is_bookkeeping:
        findings.append("a name with a leading `_` is kept for bookkeeping columns")
    if column.header_aliases and not is_staging:
        findings.append("only a staging table reads headers, so `headerAliases` is out of place")
    if not column.header_aliases and (column.header_needed or column.header_default is not None):
        findings.append("`headerNeeded` and `headerDefault` need `headerAliases`")
    if column.header_needed and column.header_default is not None:
        findings.append("a needed header has no default")
    return findings


def _unread_findings(written: SchemaProperty) -> list[str]:
    """What the standard allows, and we would otherwise drop in silence."""
    unread = ("properties", "items", "map", "physicalName", "encryptedName", "enum")
    return [
        f"`{key}` is not read here" for key in unread if getattr(written, key, None) is not None
    ]
