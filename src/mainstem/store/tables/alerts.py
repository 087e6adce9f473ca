"""Alerts: who is told of what, what is the matter just now, and what has been told to whom."""

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, String, Table, Text

from mainstem.store.columns import BigKey, Instant, metadata, of

channels = Table(
    "channels",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("way", String, nullable=False),
    Column("shown", String, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)
"""Who is told. `secret` is sealed: where to, and what it is signed with; `shown` is what people may see of it."""

alerts = Table(
    "alerts",
    metadata,
    Column("id", BigKey, primary_key=True),
    of("connections"),
    Column("kind", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("repair", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("over_at", Instant),
    Index(None, "connection_id"),
    sqlite_autoincrement=True,
)
"""What was or is the matter. `detail` tells what is of one kind apart; `over_at` is empty as long as it lasts."""

deliveries = Table(
    "deliveries",
    metadata,
    of("alerts", primary_key=True),
    of("channels", primary_key=True),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Instant),
    Column("ended_at", Instant),
    Column("trouble", Text, nullable=False),
    Index(None, "state", "next_at"),
)
"""An alert on its way to a channel. `trouble` is why it did not arrive, at the last try."""
