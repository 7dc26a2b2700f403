"""The first schema: captures, decisions, runs, releases, standings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out, not imported: a script must go on meaning what it meant.
TIME = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")
RECORD = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "captures",
        sa.Column("capture_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("landed_at", TIME, nullable=False),
        sa.Column("location", sa.String()),
        sa.Column("record", RECORD, nullable=False),
        sa.PrimaryKeyConstraint("capture_id", name="pk_captures"),
    )
    op.create_index("ix_captures_source_stream", "captures", ["source", "stream"])
    op.create_index("ix_captures_file_id", "captures", ["file_id"])
    op.create_index("ix_captures_sha256", "captures", ["sha256"])
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("decided_at", TIME, nullable=False),
        sa.Column("record", RECORD, nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name="pk_decisions"),
    )
    op.create_table(
        "runs",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("release", sa.Integer()),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("finished_at", TIME, nullable=False),
        sa.Column("record", RECORD, nullable=False),
        sa.PrimaryKeyConstraint("run_id", name="pk_runs"),
    )
    op.create_index("ix_runs_started_at", "runs", ["started_at"])
    op.create_table(
        "releases",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("record", RECORD, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_releases"),
    )
    op.create_table(
        "standings",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("record", RECORD, nullable=False),
        sa.PrimaryKeyConstraint(
            "origin", "source", "stream", "file_id", "code", name="pk_standings"
        ),
    )
    op.create_index("ix_standings_file_id", "standings", ["file_id"])
