"""Which connections go without permissions; and permissions read alone, by a schedule of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No connection goes without; each reads its permissions with its syncs, until somebody chooses otherwise."""
    op.create_table(
        "openings",
        sa.Column("connection_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], ondelete="CASCADE"),
    )
    op.add_column("plans", sa.Column("rules_schedule", sa.String()))
    op.add_column("plans", sa.Column("rules_since", sa.DateTime(timezone=True)))
    op.add_column("plans", sa.Column("rules_asked_at", sa.DateTime(timezone=True)))
    op.add_column("runs", sa.Column("aim", sa.String(), nullable=False, server_default="everything"))
