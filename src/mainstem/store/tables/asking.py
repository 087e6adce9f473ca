"""What members asked, what they were answered, what they thought of it, and what a model may be given for it."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text

from mainstem.store.columns import BigKey, Instant, metadata, of

answers = Table(
    "answers",
    metadata,
    Column("id", BigKey, primary_key=True),
    of("members"),
    Column("question", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("run", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("claims", JSON, nullable=False),
    Column("sources", Integer, nullable=False),
    Column("missing", JSON, nullable=False),
    Column("model", String, nullable=False),
    Column("trouble", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(None, "member_id"),
    sqlite_autoincrement=True,
)
"""One question of one member. `run` counts how often it was answered; `sources` is how many passages the answer had."""

answer_sources = Table(
    "answer_sources",
    metadata,
    of("answers", primary_key=True),
    Column("number", Integer, primary_key=True),
    of("documents"),
    Column("ordinal", Integer, nullable=False),
    Column("heading_path", JSON, nullable=False),
    Column("anchor", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("document_updated_at", Instant),
    Index(None, "document_id"),
)
"""The passages an answer rests on, as they were then. They are shown to nobody who may not read the document now."""

answer_feedback = Table(
    "answer_feedback",
    metadata,
    of("answers", primary_key=True),
    Column("good", Boolean, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("said_at", Instant, nullable=False),
)
"""What the asker thought of an answer."""

consents = Table(
    "consents",
    metadata,
    of("connections", primary_key=True),
    Column("space_id", String, primary_key=True),
    Column("destination", String, primary_key=True),
    Column("member", String, nullable=False),
    Column("at", Instant, nullable=False),
)
"""What may be given to language models: a space, "" being all of its connection, and where its text may be sent."""
