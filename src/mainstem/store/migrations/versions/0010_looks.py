"""When owners read as somebody else."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Put up the table of looks."""
    op.create_table(
        "looks",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("member_id", KEY, sa.ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
        sa.Column("viewed_id", KEY, sa.ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_looks_digest", "looks", ["digest"])
