"""How the bodies of each connection are converted."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a connection have a choice of how its bodies are converted; none is as they stand."""
    op.add_column("connections", sa.Column("conversion", sa.JSON))
