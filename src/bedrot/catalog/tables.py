"""The catalogue's tables.

Every row is one record of the lake: the whole record as JSON beside the columns that queries
filter or sort by. Nothing here is the only copy of anything.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

REVISION = "0001"
"""The schema that this code reads and writes: the newest script in `migrations/versions`."""


class UtcTime(sa.types.TypeDecorator[datetime]):
    """An aware time, kept in UTC.

    PostgreSQL has a type for it. SQLite keeps ISO text of fixed width, so that sorting the text
    sorts the times.
    """

    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.DateTime(timezone=True))
        return dialect.type_descriptor(sa.String())

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:  # noqa: ANN401 - text or time, by dialect
        if value is None:
            return None
        if value.tzinfo is None:
            # Reading it as local time would make the catalogue depend on the machine's zone.
            msg = f"time without a zone: `{value.isoformat()}`"
            raise ValueError(msg)
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - the base's signature
        if value is None:
            return None
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(UTC)


RECORD_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

metadata = sa.MetaData(naming_convention={"pk": "pk_%(table_name)s"})

captures = sa.Table(
    "captures",
    metadata,
    sa.Column("capture_id", sa.String, primary_key=True),
    sa.Column("file_id", sa.String, nullable=False),
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("stream", sa.String, nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("landed_at", UtcTime, nullable=False),
    sa.Column("location", sa.String),
    sa.Column("record", RECORD_TYPE, nullable=False),
    sa.Index("ix_captures_source_stream", "source", "stream"),
    sa.Index("ix_captures_file_id", "file_id"),
    sa.Index("ix_captures_sha256", "sha256"),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("decision_id", sa.String, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("file_id", sa.String, nullable=False),
    sa.Column("decided_at", UtcTime, nullable=False),
    sa.Column("record", RECORD_TYPE, nullable=False),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("run_id", sa.String, primary_key=True),
    sa.Column("command", sa.String, nullable=False),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("release", sa.Integer),
    sa.Column("started_at", UtcTime, nullable=False),
    sa.Column("finished_at", UtcTime, nullable=False),
    sa.Column("record", RECORD_TYPE, nullable=False),
    sa.Index("ix_runs_started_at", "started_at"),
)

releases = sa.Table(
    "releases",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("run_id", sa.String, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("record", RECORD_TYPE, nullable=False),
)

# One payload may feed several streams, so a standing is told apart by its stream as well.
standings = sa.Table(
    "standings",
    metadata,
    sa.Column("origin", sa.String, primary_key=True),
    sa.Column("source", sa.String, primary_key=True),
    sa.Column("stream", sa.String, primary_key=True),
    sa.Column("file_id", sa.String, primary_key=True),
    sa.Column("code", sa.String, primary_key=True),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("record", RECORD_TYPE, nullable=False),
    sa.Index("ix_standings_file_id", "file_id"),
)
