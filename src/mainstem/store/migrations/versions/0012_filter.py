"""Filters of connections: which pages of the chosen spaces come in."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a connection have a filter; none is everything."""
    op.add_column("connections", sa.Column("filter", sa.JSON))
