"""A table's definition id: equal while its definition would give equal rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bedrot.contracts.custom_properties import CONTRACT_PROPERTIES
from bedrot.engine.lineage import normalise_sql

if TYPE_CHECKING:
    from bedrot.contracts.model import Contract

ID_LENGTH = 16


def definition_id(
    contract: Contract,
    sql: str,
    *,
    aliases: Mapping[str, str] | None = None,
    parser_version: int = 1,
    merge_version: int = 1,
) -> str:
    """Sixteen hex digits for everything that decides the table's content.

    Descriptions, owner, units, classification, freshness and the contract's version do not
    count, nor do layout, comments and case of the SQL. What does not show in the definition, such
    as a parser's code, is said by the two integers.

    Args:
        contract: The table's contract.
        sql: The SQL that makes the table.
        aliases: Name of each alias file that the table uses, to the hash of its content.
        parser_version: Raised by the source when its parser gives other rows.
        merge_version: Raised by `merge` when a kind merges otherwise.
    """
    definition = {
        "table": contract.table,
        "kind": contract.kind,
        "key": contract.key,
        "partition": contract.partition,
        "columns": [
            {
                "name": column.name,
                "type": column.sql_type,
                "required": column.required,
                "headers": sorted(column.header_aliases),
                "header_needed": column.header_needed,
                "header_default": column.header_default,
                "ratio": column.is_ratio,
                "bookkeeping": column.is_bookkeeping,
            }
            for column in contract.columns
        ],
        "rules": sorted(
            (rule.name, rule.severity, normalise_sql(rule.sql)) for rule in contract.rules
        ),
        "properties": _content_properties(contract),
        "sql": normalise_sql(sql),
        "aliases": dict(aliases or {}),
        "parser_version": parser_version,
        "merge_version": merge_version,
    }
    text = json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


def _content_properties(contract: Contract) -> dict[str, Any]:
    return {
        name: value
        for name, value in contract.properties.items()
        if CONTRACT_PROPERTIES[name].decides_content
    }
