"""Schedules and pauses of connections, syncs that are called off, connections about to go, and counts of spaces."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Put up the tables of what is to become of connections."""
    op.create_table(
        "plans",
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("schedule", sa.String, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("paused_at", INSTANT),
        sa.Column("paused_because", sa.Text),
        sa.Column("asked_at", INSTANT),
    )
    op.create_table(
        "removals",
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("removed_at", INSTANT, nullable=False),
        sa.Column("removed_by", sa.String, nullable=False),
    )
    op.add_column("runs", sa.Column("stop", sa.String))
    op.add_column("spaces", sa.Column("listed", sa.Integer))
    op.add_column("spaces", sa.Column("listed_at", INSTANT))
