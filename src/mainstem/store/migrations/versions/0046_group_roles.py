"""Groups of Confluence whose people have a role here."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0049"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Put up the table; without any row, each member has the role that they were given by hand."""
    op.create_table(
        "group_roles",
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("group_id", sa.String, primary_key=True),
        sa.Column("role", sa.String, nullable=False),
    )
