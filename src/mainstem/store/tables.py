"""Every table of the store, as SQLAlchemy metadata; `migrations` holds the steps that lead here.

Ids named `source_id`, `space_id`, `parent_id`, `container_id`, `author_id` and `editor_id` are Confluence's own, opaque
and unique within one connection; integer ids are ours. Ids of documents, chains and journal entries are never used
twice, because the search index remembers them.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from mainstem.store.columns import BigKey, Instant, of
from mainstem.store.columns import metadata as metadata

connections = Table(
    "connections",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("deployment", String, nullable=False),
    Column("url", String, nullable=False),
    Column("api_url", String, nullable=False),
    Column("account_id", String),
    Column("account_name", String),
    Column("login", String),
    Column("credential_kind", String, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("token_expires_on", Date),
    Column("chosen_spaces", JSON(none_as_null=True)),
    Column("kinds", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_sync_at", Instant),
    sqlite_autoincrement=True,
)

spaces = Table(
    "spaces",
    metadata,
    Column("id", BigKey, primary_key=True),
    of("connections"),
    Column("source_id", String, nullable=False),
    Column("key", String, nullable=False),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("homepage_id", String),
    Column("url", String, nullable=False),
    UniqueConstraint("connection_id", "source_id"),
    Index(None, "connection_id", "key"),
)

clauses = Table(
    "clauses",
    metadata,
    Column("id", BigKey, primary_key=True),
    of("connections"),
    Column("digest", String, nullable=False),
    UniqueConstraint("connection_id", "digest"),
)
"""Distinct sets of principals. A clause never changes: a holder whose rule changed gets another one."""

clause_principals = Table(
    "clause_principals",
    metadata,
    of("clauses", primary_key=True),
    Column("principal", String, primary_key=True),
    of("connections"),
    Index(None, "connection_id", "principal", "clause_id"),
)

holders = Table(
    "holders",
    metadata,
    Column("id", BigKey, primary_key=True),
    of("connections"),
    Column("kind", String, nullable=False),
    Column("source_id", String, nullable=False),
    Column("clause_id", BigKey, ForeignKey("clauses.id"), nullable=False),
    Column("read_at", Instant),
    UniqueConstraint("connection_id", "kind", "source_id"),
    Index(None, "clause_id", "id"),
    sqlite_autoincrement=True,
)
"""Whatever has a view rule of its own: the site, a space, a restricted content; and `nobody`, which none passes.

`read_at` is kept for the site and for spaces: when it, with all that stands below it, was last read in full.
"""

chains = Table(
    "chains",
    metadata,
    Column("id", BigKey, primary_key=True),
    of("connections"),
    Column("digest", String, nullable=False, unique=True),
    Index(None, "connection_id"),
    sqlite_autoincrement=True,
)
"""Distinct sets of holders."""

chain_holders = Table(
    "chain_holders",
    metadata,
    of("chains", primary_key=True),
    # No cascade: a holder cannot go while a chain counts on it, for the chain would open.
    Column("holder_id", BigKey, ForeignKey("holders.id"), primary_key=True),
    Index(None, "holder_id", "chain_id"),
)

documents = Table(
    "documents",
    metadata,
    Column("id", BigKey, primary_key=True),
    of("connections"),
    Column("source_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("space_id", String, nullable=False),
    Column("container_id", String),
    Column("parent_id", String),
    Column("parent_kind", String),
    Column("title", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("url", String, nullable=False),
    Column("author_id", String),
    Column("editor_id", String),
    Column("created_at", Instant),
    Column("modified_at", Instant),
    Column("position", BigInteger),
    Column("media_type", String),
    Column("file_size", BigInteger),
    Column("file_id", String),
    Column("download", String),
    Column("file_comment", String),
    Column("inline_selection", Text),
    Column("resolved", Boolean, nullable=False),
    Column("body_hash", String),
    Column("extraction", Integer),
    Column("chain_id", BigKey, ForeignKey("chains.id")),
    Column("rules_state", String, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("in_scope", Boolean, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    UniqueConstraint("connection_id", "source_id"),
    Index(None, "chain_id"),
    Index(None, "connection_id", "space_id"),
    Index(None, "connection_id", "parent_id"),
    Index(None, "connection_id", "container_id"),
    sqlite_autoincrement=True,
)

bodies = Table(
    "bodies",
    metadata,
    of("documents", primary_key=True),
    Column("representation", String, nullable=False),
    Column("source", Text, nullable=False),
)

passages = Table(
    "passages",
    metadata,
    of("documents", primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("heading_path", JSON, nullable=False),
    Column("anchor", String, nullable=False),
    Column("text", Text, nullable=False),
)

labels = Table(
    "labels",
    metadata,
    of("documents", primary_key=True),
    Column("label", String, primary_key=True),
    Index(None, "label"),
)

links = Table(
    "links",
    metadata,
    of("documents", primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("content_id", String),
    Column("space_key", String),
    Column("title", String),
    Column("posting_day", Date),
    Column("filename", String),
    Column("address", Text),
    Column("anchor", String, nullable=False),
    Index(None, "content_id"),
    Index(None, "title"),
)
"""Where a document leads. `address` is a URL or a person's id; a file's page stands in the page's columns."""

properties = Table(
    "properties",
    metadata,
    of("documents", primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("value", Text, nullable=False),
)

people = Table(
    "people",
    metadata,
    of("connections", primary_key=True),
    Column("source_id", String, primary_key=True),
    Column("display_name", String, nullable=False),
    Column("email", String),
    Column("email_key", String),
    Column("username", String),
    Column("username_key", String),
    Column("active", Boolean, nullable=False),
    Column("kind", String, nullable=False),
    Column("guest", Boolean, nullable=False),
    Column("read_at", Instant, nullable=False),
    Index(None, "email_key"),
    Index(None, "username_key"),
    Index(None, "source_id"),
)
"""Accounts. The `_key` columns hold the folded form that names are compared by."""

groups = Table(
    "groups",
    metadata,
    of("connections", primary_key=True),
    Column("source_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("read_at", Instant),
)

group_members = Table(
    "group_members",
    metadata,
    of("connections", primary_key=True),
    Column("group_id", String, primary_key=True),
    Column("person_id", String, primary_key=True),
    Index(None, "connection_id", "person_id"),
)

group_groups = Table(
    "group_groups",
    metadata,
    of("connections", primary_key=True),
    Column("group_id", String, primary_key=True),
    Column("member_id", String, primary_key=True),
    Index(None, "connection_id", "member_id"),
)
"""Everyone in group `member_id` is in group `group_id` too."""

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
    Index(None, "connection_id", "id"),
    sqlite_autoincrement=True,
)

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
)
"""Contents that could not be had, until they are."""

events = Table(
    "events",
    metadata,
    Column("id", BigKey, primary_key=True),
    of("runs"),
    Column("at", Instant, nullable=False),
    Column("level", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Index(None, "run_id", "id"),
)

leases = Table(
    "leases",
    metadata,
    of("connections", primary_key=True),
    Column("workflow_id", String),
    Column("fence", BigInteger, nullable=False),
    Column("renewed_at", Instant, nullable=False),
)

seen = Table(
    "seen",
    metadata,
    of("runs", primary_key=True),
    Column("aspect", String, primary_key=True),
    Column("source_id", String, primary_key=True),
)
"""What a run has dealt with so far, by aspect: scratch, dropped when the run ends."""

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

failed_sign_ins = Table(
    "failed_sign_ins",
    metadata,
    Column("key", String, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Index(None, "since"),
)
"""Failures to sign in, by a digest of what was tried: an email or an address. `since` is when counting began."""
