"""What left Confluence: why, when, and by what rules it was read last."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let what left be restored, or purged. By what rules the documents were read that left before, nobody noted."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("documents", sa.Column("restored_at", sa.DateTime(timezone=True)))
    op.create_table(
        "tombstones",
        sa.Column("document_id", key, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("why", sa.String, nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("space_id", sa.String, nullable=False),
        sa.Column("chain_id", key, sa.ForeignKey("chains.id")),
        sa.Column("state", sa.String, nullable=False),
    )
    op.create_index("ix_tombstones_chain_id", "tombstones", ["chain_id"])
    op.create_index("ix_tombstones_left_at", "tombstones", ["left_at"])
    op.execute(
        "INSERT INTO tombstones (document_id, why, left_at, space_id, state) "
        "SELECT id, CASE WHEN kind IN ('comment', 'attachment') THEN 'with its page' ELSE 'unseen' END, deleted_at, "
        "space_id, 'left' FROM documents WHERE deleted_at IS NOT NULL"
    )
    op.execute(
        "INSERT INTO tombstones (document_id, why, left_at, space_id, state) "
        "SELECT id, CASE WHEN status = 'archived' THEN 'archived' ELSE 'left out' END, saved_at, space_id, 'left' "
        "FROM documents WHERE deleted_at IS NULL AND NOT in_scope AND body_hash IS NOT NULL"
    )
