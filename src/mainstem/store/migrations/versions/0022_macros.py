"""How the macros of each body came out."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Put up the table of macros; bodies that were read before fill it when they are read anew."""
    op.create_table(
        "macros",
        sa.Column("document_id", KEY, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("reason", sa.String),
        sa.Column("uses", sa.Integer, nullable=False),
    )
    op.create_index(op.f("ix_macros_name"), "macros", ["name"])
