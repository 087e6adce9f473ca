"""Who may see what: clauses, their holders, the chains of holders above documents, people and groups."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, UniqueConstraint

from mainstem.store.columns import BigKey, Instant, metadata, of

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

openings = Table(
    "openings",
    metadata,
    of("connections", primary_key=True),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", String, nullable=False),
)
"""Connections that go without permissions, by the word of a person, whose name stands here as it was."""

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
