"""What pages were called before; and titles are looked up."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Put up the table; what pages were called until now nobody remembers."""
    op.create_table(
        "former_titles",
        sa.Column("document_id", KEY, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("space_id", sa.String, primary_key=True),
        sa.Column("title", sa.String, primary_key=True),
    )
    op.create_index("ix_former_titles_title", "former_titles", ["title"])
    op.create_index("ix_documents_title", "documents", ["title"])
