"""What somebody lets an app of Atlassian's read: its tokens, and who is about to renew them."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0044"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Let connections sign in by OAuth."""
    op.create_table(
        "grants",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("renewed_at", INSTANT, nullable=False),
        sa.Column("renewing_until", INSTANT),
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE")),
        sa.Column("draft_id", KEY, sa.ForeignKey("drafts.id", ondelete="CASCADE")),
    )
    op.create_index("ix_grants_connection_id", "grants", ["connection_id"])
    op.create_index("ix_grants_draft_id", "grants", ["draft_id"])
