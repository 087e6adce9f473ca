"""Connections that a person is still filling in."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Put up the table of drafts."""
    op.create_table(
        "drafts",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("way", sa.String, nullable=False),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("secret", sa.LargeBinary),
        sa.Column("token_expires_on", sa.Date),
        sa.Column("choice", sa.JSON, nullable=False),
        sa.Column("test", sa.JSON, nullable=False),
        sa.Column("tested_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sqlite_autoincrement=True,
    )
