"""By which choice of its connection each file was read."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note it; so far nobody could choose."""
    op.add_column("file_texts", sa.Column("choice", sa.String, nullable=False, server_default=""))
