"""What every kind's restatements share: the columns that name what was restated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bedrot.engine.quoting import no_rows

if TYPE_CHECKING:
    from bedrot.contracts.model import Column, Contract


def restated_keys(contract: Contract) -> tuple[str, ...]:
    """The columns that name what was restated: the key, and the partition."""
    key = tuple(contract.properties.get("businessKey", contract.key))
    if contract.partition is None or contract.partition in key:
        return key
    return (*key, contract.partition)


def no_restatements(contract: Contract, columns: Sequence[Column]) -> str:
    """A SELECT with the columns of a table's restatements and no row."""
    keys = {name: contract.column(name).sql_type for name in restated_keys(contract)}
    changes = {column.name: column.sql_type for column in columns}
    return no_rows({**keys, **changes, "file_id": "varchar", "as_of": "timestamptz"})
