"""Which objects are kept, whoever they belong to: what a sweep may drop."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put up the table, with the objects that there are."""
    op.create_table("kept_objects", sa.Column("digest", sa.String, primary_key=True))
    op.execute("INSERT INTO kept_objects (digest) SELECT DISTINCT digest FROM kept_files")
    op.create_index("ix_kept_files_digest", "kept_files", ["digest"])
