"""What type page properties are of, and the values that each is made of."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let properties have types. Until their bodies are converted anew, which begins by itself, they are text."""
    op.add_column("properties", sa.Column("type", sa.String, nullable=False, server_default="text"))
    op.add_column("properties", sa.Column("parts", sa.JSON, nullable=False, server_default="[]"))
