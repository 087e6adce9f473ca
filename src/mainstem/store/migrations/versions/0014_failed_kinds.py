"""Of what kind a content is that could not be had."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a failure say the kind of its content, so that it can be read again alone."""
    op.add_column("run_failures", sa.Column("kind", sa.String))
