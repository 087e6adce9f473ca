"""Tasks as rows. What is stored already gets them when it is converted again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0020"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "tasks",
        sa.Column("document_id", KEY, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("assignee_id", sa.String),
        sa.Column("due", sa.Date),
    )
    op.create_index("ix_tasks_assignee_id", "tasks", ["assignee_id"])
