"""Every space that an account was ever shown, so that it is known which ones are new."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the spaces of a site be met one by one. At first none was, and all that the next sync meets were there."""
    op.create_table(
        "met_spaces",
        sa.Column(
            "connection_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("connections.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("source_id", sa.String, primary_key=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("key", "name", "kind", "status", "url", "standing")),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("former_key", sa.String),
        sa.Column("former_name", sa.String),
        sa.Column("renamed_at", sa.DateTime(timezone=True)),
        sa.Column("gone_at", sa.DateTime(timezone=True)),
    )
