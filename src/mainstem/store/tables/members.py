"""The hub's own accounts, and what lets them in."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from mainstem.store.columns import BigKey, Instant, metadata, of

workspace = Table(
    "workspace",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("founded_at", Instant, nullable=False),
)
"""The hub as its people know it: one row, whose id is 1."""

members = Table(
    "members",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("email", String, nullable=False),
    Column("email_key", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant),
    sqlite_autoincrement=True,
)
"""The hub's own accounts. What a member may read stands in no column here: it follows from `identities`."""

identities = Table(
    "identities",
    metadata,
    of("members", primary_key=True),
    of("connections", primary_key=True),
    Column("source_id", String, nullable=False),
    Column("tied_at", Instant, nullable=False),
    UniqueConstraint("connection_id", "source_id"),
)
"""Which account of a connection is proved to be a member's."""

group_roles = Table(
    "group_roles",
    metadata,
    of("connections", primary_key=True),
    Column("group_id", String, primary_key=True),
    Column("role", String, nullable=False),
)
"""Groups of Confluence whose people have at least this role here."""

sign_on = Table(
    "sign_on",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("issuer", String, nullable=False),
    Column("authorization_endpoint", String, nullable=False),
    Column("client_id", String, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("newcomers", String, nullable=False),
    Column("domains", JSON, nullable=False),
    Column("saved_at", Instant, nullable=False),
)
"""The provider that members sign in at: no row, or one, whose id is 1. `secret` is sealed."""

subjects = Table(
    "subjects",
    metadata,
    Column("issuer", String, primary_key=True),
    Column("subject", String, primary_key=True),
    of("members"),
    Column("email", String, nullable=False),
    Column("joined_at", Instant, nullable=False),
    UniqueConstraint("member_id", "issuer"),
)
"""Who members are at providers. `email` is as the provider last verified it, "" where it did not."""

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String, primary_key=True),
    of("members"),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("agent", String, nullable=False),
    Index(None, "member_id"),
)
"""Who is signed in. `digest` is made of a session's token, which stands nowhere."""

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", BigKey, primary_key=True),
    of("members"),
    Column("name", String, nullable=False),
    Column("query", Text, nullable=False),
    Column("saved_at", Instant, nullable=False),
    UniqueConstraint("member_id", "name"),
    sqlite_autoincrement=True,
)
"""Searches that members keep. `query` is what stands behind the question mark of the address."""

looks = Table(
    "looks",
    metadata,
    Column("id", BigKey, primary_key=True),
    of("members"),
    Column("viewed_id", BigKey, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("digest", String, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(None, "digest"),
    sqlite_autoincrement=True,
)
"""When a member read as another one, in which session; `ended_at` is empty where it lasted as long as it could."""

failed_sign_ins = Table(
    "failed_sign_ins",
    metadata,
    Column("key", String, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Index(None, "since"),
)
"""Failures to sign in, by a digest of what was tried: an email or an address. `since` is when counting began."""

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", BigKey, primary_key=True),
    of("members"),
    Column("digest", String, nullable=False, unique=True),
    Column("beginning", String, nullable=False),
    Column("name", String, nullable=False),
    Column("read_only", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
    Index(None, "member_id"),
    sqlite_autoincrement=True,
)
"""What lets programs in as a member. `digest` is made of the key, of which nothing stands here but its `beginning`."""

deeds = Table(
    "deeds",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("member_id", BigInteger),
    Column("member", String, nullable=False),
    Column("act", String, nullable=False),
    Column("subject", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Index(None, "at"),
    sqlite_autoincrement=True,
)
"""What members did that others must be able to look up later. Names stand here as they were; no row ever goes."""
