"""Who works, who syncs which connection, and deletions that a person has allowed for the sync that they asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0037"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Let any number of processes share the work."""
    op.create_table(
        "workers",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("heartbeat_at", INSTANT, nullable=False),
    )
    op.create_table(
        "claims",
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("worker_id", sa.String, sa.ForeignKey("workers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("stop", sa.Text),
    )
    op.create_index("ix_claims_worker_id", "claims", ["worker_id"])
    op.add_column("plans", sa.Column("approved_at", INSTANT))
