"""Alerts: channels, what is the matter, and what was told to whom."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Put up the tables of alerts."""
    _channels()
    _alerts()
    _deliveries()


def _channels() -> None:
    op.create_table(
        "channels",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("way", sa.String, nullable=False),
        sa.Column("shown", sa.String, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("kinds", sa.JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sqlite_autoincrement=True,
    )


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("repair", sa.Text, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("over_at", INSTANT),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alerts_connection_id", "alerts", ["connection_id"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("alert_id", KEY, sa.ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("channel_id", KEY, sa.ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("trouble", sa.Text, nullable=False),
    )
    op.create_index("ix_deliveries_state_next_at", "deliveries", ["state", "next_at"])
