"""Drafts that change a connection which is there already."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a draft name the connection that it changes; none is a connection that is still to be."""
    op.add_column("drafts", sa.Column("connection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
