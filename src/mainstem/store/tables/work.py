"""Work and its traces: the journal that the index follows, runs with their failures and log lines, leases, workers."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, String, Table, Text

from mainstem.store.columns import BigKey, Instant, metadata, of

journal = Table(
    "journal",
    metadata,
    Column("seq", BigKey, primary_key=True),
    Column("document_id", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
"""What the index must look at again, in order. No foreign key: an entry outlives the document that went."""

runs = Table(
    "runs",
    metadata,
    Column("id", BigKey, primary_key=True),
    of("connections"),
    Column("workflow_id", String, nullable=False, unique=True),
    Column("version", String, nullable=False),
    Column("state", String, nullable=False),
    Column("phase", String, nullable=False),
    Column("counters", JSON, nullable=False),
    Column("message", Text),
    Column("started_at", Instant, nullable=False),
    Column("heartbeat_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("stop", String),
    Column("aim", String, nullable=False, server_default="everything"),
    Index(None, "connection_id", "id"),
    sqlite_autoincrement=True,
)
"""`stop`: a person wants it to end, and why; it does so before it writes anything more. `aim`: what it is to read."""

run_failures = Table(
    "run_failures",
    metadata,
    of("connections", primary_key=True),
    Column("source_id", String, primary_key=True),
    Column("title", String, nullable=False),
    Column("url", String, nullable=False),
    Column("cause", Text, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("kind", String),
)
"""Contents that could not be had, until they are. Where a `kind` stands, it can be read again alone."""

events = Table(
    "events",
    metadata,
    Column("id", BigKey, primary_key=True),
    of("connections"),
    Column("run_id", BigKey, ForeignKey("runs.id", ondelete="CASCADE")),
    Column("at", Instant, nullable=False),
    Column("level", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("repair", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("source_id", String, nullable=False),
    Column("facts", JSON, nullable=False),
    Index(None, "connection_id", "id"),
    Index(None, "run_id", "id"),
    Index(None, "at"),
    sqlite_autoincrement=True,
)
"""Log lines. `source_id` is the content that one is about, whose title stands in no log; "" for none."""

leases = Table(
    "leases",
    metadata,
    of("connections", primary_key=True),
    Column("workflow_id", String),
    Column("fence", BigInteger, nullable=False),
    Column("renewed_at", Instant, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("id", String, primary_key=True),
    Column("place", String, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("heartbeat_at", Instant, nullable=False),
)
"""Processes that sync. `place` is for people; the instants are of the database's clock, which all of them share."""

claims = Table(
    "claims",
    metadata,
    of("connections", primary_key=True),
    Column("worker_id", String, ForeignKey("workers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("stop", Text),
    Column("rests_until", Instant),
)
"""Which connection a worker syncs just now; the claim goes with the worker. `stop`: somebody calls it off, and why;
`rests_until`: the site wants none of its workers to ask before."""

seen = Table(
    "seen",
    metadata,
    of("runs", primary_key=True),
    Column("aspect", String, primary_key=True),
    Column("source_id", String, primary_key=True),
)
"""What a run has dealt with so far, by aspect: scratch, dropped when the run ends."""
