"""Single sign-on: the provider that members sign in at, and who they are there."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0054"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Let members sign in at a provider; without one, everybody has a password as before."""
    op.create_table(
        "sign_on",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("issuer", sa.String, nullable=False),
        sa.Column("authorization_endpoint", sa.String, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("newcomers", sa.String, nullable=False),
        sa.Column("domains", sa.JSON, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
    )
    op.create_table(
        "subjects",
        sa.Column("issuer", sa.String, primary_key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("member_id", KEY, sa.ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.UniqueConstraint("member_id", "issuer"),
    )
