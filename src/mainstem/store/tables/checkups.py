"""What the last test of each connection told."""

from sqlalchemy import JSON, Boolean, Column, Table

from mainstem.store.columns import Instant, metadata, of

checkups = Table(
    "checkups",
    metadata,
    of("connections", primary_key=True),
    Column("tested_at", Instant, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("checks", JSON, nullable=False),
)
