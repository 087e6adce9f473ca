"""Until when a site wants to be left alone, for all who sync from it."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let workers share the limits of a site."""
    op.add_column("claims", sa.Column("rests_until", sa.DateTime(timezone=True)))
