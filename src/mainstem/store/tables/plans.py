"""What is to become of connections: when they are synced, whether they rest, and whether they are about to go."""

from sqlalchemy import Column, String, Table, Text

from mainstem.store.columns import Instant, metadata, of

plans = Table(
    "plans",
    metadata,
    of("connections", primary_key=True),
    Column("schedule", String, nullable=False),
    Column("since", Instant, nullable=False),
    Column("paused_at", Instant),
    Column("paused_because", Text),
    Column("asked_at", Instant),
    Column("approved_at", Instant),
    Column("rules_schedule", String),
    Column("rules_since", Instant),
    Column("rules_asked_at", Instant),
)
"""`schedule` is in the words of `sync.schedule`, and counts from `since`. `asked_at`: somebody waits for a sync;
`approved_at`: with a person's word for its deletions. `rules_...` are the same for the permissions alone."""

removals = Table(
    "removals",
    metadata,
    of("connections", primary_key=True),
    Column("name", String, nullable=False),
    Column("removed_at", Instant, nullable=False),
    Column("removed_by", String, nullable=False),
)
"""Removed connections, which can still be brought back; hidden from everybody meanwhile. `name` is what it was."""
