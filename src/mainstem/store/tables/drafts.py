"""What is begun and not yet saved: connections that a person is still filling in."""

from sqlalchemy import JSON, Column, Date, LargeBinary, String, Table, Text

from mainstem.store.columns import BigKey, Instant, metadata

drafts = Table(
    "drafts",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("name", String, nullable=False),
    Column("url", Text, nullable=False),
    Column("way", String, nullable=False),
    Column("login", String, nullable=False),
    Column("secret", LargeBinary),
    Column("token_expires_on", Date),
    Column("choice", JSON, nullable=False),
    Column("test", JSON, nullable=False),
    Column("tested_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("connection_id", BigKey),
    sqlite_autoincrement=True,
)
"""Connections as far as they are filled in. `choice` is what should come in, `test` what the last test of it told.

`connection_id`: the draft changes what comes in by this connection, which is there already.
"""
