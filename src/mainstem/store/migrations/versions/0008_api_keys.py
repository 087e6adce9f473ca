"""Keys by which programs act as a member."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Put up their table."""
    op.create_table(
        "api_keys",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("member_id", KEY, sa.ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
        sa.Column("digest", sa.String, nullable=False, unique=True),
        sa.Column("beginning", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("read_only", sa.Boolean, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT),
        sa.Column("used_at", INSTANT),
        sa.Column("revoked_at", INSTANT),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_api_keys_member_id", "api_keys", ["member_id"])
