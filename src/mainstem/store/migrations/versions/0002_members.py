"""The hub's own accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Put up the tables of members and of what lets them in."""
    _workspace()
    _members()
    _identities()
    _sessions()
    _failed_sign_ins()


def _workspace() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("founded_at", INSTANT, nullable=False),
    )


def _members() -> None:
    op.create_table(
        "members",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("email_key", sa.String, nullable=False, unique=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT),
        sqlite_autoincrement=True,
    )


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("member_id", KEY, sa.ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("source_id", sa.String, nullable=False),
        sa.Column("tied_at", INSTANT, nullable=False),
        sa.UniqueConstraint("connection_id", "source_id"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("member_id", KEY, sa.ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("agent", sa.String, nullable=False),
    )
    op.create_index("ix_sessions_member_id", "sessions", ["member_id"])


def _failed_sign_ins() -> None:
    op.create_table(
        "failed_sign_ins",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
    )
    op.create_index("ix_failed_sign_ins_since", "failed_sign_ins", ["since"])
