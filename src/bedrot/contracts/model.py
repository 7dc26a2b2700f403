"""What a contract says, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bedrot.errors import UnknownNameError

STAGING_KINDS = frozenset({"ledger", "flow", "stock", "window", "lifetime", "dimension"})
"""The kinds of staging tables; `merge` defines how each is merged."""

KINDS = STAGING_KINDS | {"mart"}

SEVERITIES = ("error", "warning", "info")
"""Most severe first. `error` is only for what makes a file's money or counts untrustworthy."""

PROVISIONAL = "is_provisional"
"""The column of tables with provisional days: whether later captures may still change the row."""

MADE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "lifetime": ("snapshot_at",),
    "stock": ("read_date",),
    "dimension": ("valid_from", "valid_to"),
}
"""The columns that the merge makes from when captures were true, by kind. These kinds are whole:
they have no partition, because a moment is the capture's and not the payload's."""

CLASSIFICATIONS = ("public", "internal", "confidential", "restricted")
"""Who may see a column: least protected first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    `header_aliases` are the headers under which exports carry it; a column without any is made
    by the SQL. `header_default` is the text that stands where the export lacks the column.
    `is_ratio` marks a double: it is never summed and never money.
    """

    name: str
    logical_type: str
    sql_type: str
    description: str
    required: bool = False
    classification: str = "internal"
    unit: str | None = None
    header_aliases: tuple[str, ...] = ()
    header_needed: bool = False
    is_bookkeeping: bool = False
    is_ratio: bool = False
    header_default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A promise about rows, as a SELECT that returns the rows which break it.

    `sql` reads one relation that is named like the table. `condition` is its WHERE, where it tells
    of each row by itself, so that many rules can share one scan; else None.
    """

    name: str
    description: str
    severity: str
    sql: str
    condition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What one table promises.

    `columns` holds the bookkeeping of a staging table too, last. `key` is the primary key, which
    a ledger does not have. `properties` are the contract's own custom properties as written.
    """

    id: str
    table: str
    version: str
    kind: str
    status: str
    description: str
    owner: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    partition: str | None = None
    rules: tuple[Rule, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)
    path_name: str = ""

    def column(self, name: str) -> Column:
        """The column of that name.

        Raises:
            UnknownNameError: If the table has none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        msg = f"table `{self.table}` has no column `{name}`"
        raise UnknownNameError(
            msg, next_step=f"see its columns with `bedrot describe {self.table}`"
        )

    @property
    def is_staging(self) -> bool:
        """Whether the table belongs to the staging zone."""
        return self.kind in STAGING_KINDS

    @property
    def content_columns(self) -> tuple[Column, ...]:
        """The columns that are not bookkeeping: what keys, merges and content hashes see."""
        return tuple(column for column in self.columns if not column.is_bookkeeping)

    @property
    def read_columns(self) -> tuple[Column, ...]:
        """The content that a payload's own rows give: the capture and the merge add the rest."""
        added = {"account_id", *MADE_COLUMNS.get(self.kind, ())}
        if "provisionalDays" in self.properties:
            added.add(PROVISIONAL)
        return tuple(column for column in self.content_columns if column.name not in added)

    @property
    def explained_by(self) -> tuple[str, ...]:
        """The tables whose rows stand beneath a row of this one."""
        return tuple(self.properties.get("explainedBy", ()))

    @property
    def period(self) -> str | None:
        """The date column that a row is about: the closing date of a ledger."""
        found = self.properties.get("closingDate" if self.kind == "ledger" else "period")
        return None if found is None else str(found)

    @property
    def aliased_columns(self) -> tuple[Column, ...]:
        """The columns that come from a header of the export: what a stream's `source` holds."""
        return tuple(column for column in self.columns if column.header_aliases)


BOOKKEEPING = (
    Column(
        name="_file_id",
        logical_type="string",
        sql_type="varchar",
        description="The payload that carries the row: the first 16 hex digits of its sha256.",
        is_bookkeeping=True,
    ),
    Column(
        name="_row",
        logical_type="integer",
        sql_type="bigint",
        description="The ordinal of the record in its payload; the first data record is 1.",
        is_bookkeeping=True,
    ),
    Column(
        name="as_of",
        logical_type="timestamp",
        sql_type="timestamptz",
        description="When the platform computed or exported the row; null where unknown.",
        is_bookkeeping=True,
    ),
    Column(
        name="landed_at",
        logical_type="timestamp",
        sql_type="timestamptz",
        description="When the payload came into the lake.",
        is_bookkeeping=True,
    ),
)
"""What every staging table carries beside its content; contracts do not write it."""
