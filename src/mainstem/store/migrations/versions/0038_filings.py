"""Rules by which documents are filed, and what rules or people gave each."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let connections have rules, and documents tags, categories, collections and owners. At first there are none."""
    op.add_column("connections", sa.Column("rules", sa.JSON))
    op.add_column("documents", sa.Column("filed_by", sa.BigInteger, nullable=False, server_default="0"))
    op.create_table(
        "filings",
        sa.Column(
            "document_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("documents.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("drawer", sa.String, primary_key=True),
        sa.Column("origin", sa.String, primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("account", sa.String),
    )
    op.create_index("ix_filings_drawer_name", "filings", ["drawer", "name"])
