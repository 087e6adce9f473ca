"""Files whose bytes are kept in the home."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Put up the table of kept files."""
    op.create_table(
        "kept_files",
        sa.Column("document_id", KEY, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
    )
