"""What is mirrored: connections, spaces, documents and all that was made of their bodies."""

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

from mainstem.store.columns import BigKey, Instant, metadata, of

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
    Column("filter", JSON(none_as_null=True)),
    Column("conversion", JSON(none_as_null=True)),
    Column("rules", JSON(none_as_null=True)),
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
    Column("listed", Integer),
    Column("listed_at", Instant),
    UniqueConstraint("connection_id", "source_id"),
    Index(None, "connection_id", "key"),
)
"""`listed`: how many pages and posts Confluence named when the space was last listed to its end."""

met_spaces = Table(
    "met_spaces",
    metadata,
    of("connections", primary_key=True),
    Column("source_id", String, primary_key=True),
    Column("key", String, nullable=False),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("url", String, nullable=False),
    Column("standing", String, nullable=False),
    Column("met_at", Instant, nullable=False),
    Column("former_key", String),
    Column("former_name", String),
    Column("renamed_at", Instant),
    Column("gone_at", Instant),
)
"""Every space that the account of a connection was ever shown, whether it comes in or not."""

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
    Column("filed_by", BigInteger, nullable=False, server_default="0"),
    Column("restored_at", Instant),
    UniqueConstraint("connection_id", "source_id"),
    Index(None, "chain_id"),
    Index(None, "connection_id", "space_id"),
    Index(None, "connection_id", "parent_id"),
    Index(None, "connection_id", "container_id"),
    Index(None, "title"),
    sqlite_autoincrement=True,
)
"""`deleted_at`: Confluence has it no longer, as far as its listings tell; `restored_at`: it is shown all the same."""

tombstones = Table(
    "tombstones",
    metadata,
    of("documents", primary_key=True),
    Column("why", String, nullable=False),
    Column("left_at", Instant, nullable=False),
    Column("space_id", String, nullable=False),
    Column("chain_id", BigKey, ForeignKey("chains.id")),
    Column("state", String, nullable=False),
    Index(None, "chain_id"),
    Index(None, "left_at"),
)
"""What left Confluence, or is about to: where it stood then, and by a chain of frozen rules who could read it last."""

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

filings = Table(
    "filings",
    metadata,
    of("documents", primary_key=True),
    Column("drawer", String, primary_key=True),
    Column("origin", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("by", String, nullable=False),
    Column("account", String),
    Index(None, "drawer", "name"),
)
"""What rules or people gave documents: tags, categories, collections, owners; labels and spaces stand elsewhere.

`origin` parts the two, so that neither takes away what the other gave. `by` says which rule, or who. A document's
`filed_by` tells the rules that it was filed by last.
"""

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
"""Where a document leads. `address` is a URL or a person's id; a file's page stands in the page's columns.

A URL has the columns of what it means as the address of a site; whether it is of the document's own is asked later.
"""

former_titles = Table(
    "former_titles",
    metadata,
    of("documents", primary_key=True),
    Column("space_id", String, primary_key=True),
    Column("title", String, primary_key=True),
    Index(None, "title"),
)
"""What documents were called before, and where they stood then."""

kept_files = Table(
    "kept_files",
    metadata,
    of("documents", primary_key=True),
    Column("version", Integer, nullable=False),
    Column("digest", String, nullable=False, index=True),
    Column("kept_at", Instant, nullable=False),
)
"""Files whose bytes are kept, as of which version of their document, and under which hash."""

kept_objects = Table("kept_objects", metadata, Column("digest", String, primary_key=True))
"""Whatever was ever noted in `kept_files`, until it is swept: so nothing is dropped that this hub did not keep."""

file_texts = Table(
    "file_texts",
    metadata,
    of("documents", primary_key=True),
    Column("version", Integer, nullable=False),
    Column("reading", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("cause", Text, nullable=False),
    Column("read_at", Instant, nullable=False),
    Column("choice", String, nullable=False, server_default=""),
)
"""Files that were read, as of which version of their document and of the readers, and why one has no text."""

properties = Table(
    "properties",
    metadata,
    of("documents", primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("value", Text, nullable=False),
    Column("type", String, nullable=False, server_default="text"),
    Column("parts", JSON, nullable=False, server_default="[]"),
)
"""Page properties: `value` is what a reader sees, `parts` are the values that it is made of."""

macros = Table(
    "macros",
    metadata,
    of("documents", primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("reason", String),
    Column("uses", Integer, nullable=False),
    Index(None, "name"),
)
"""How the macros of a body came out, by name; no `reason`: as they were."""

tasks = Table(
    "tasks",
    metadata,
    of("documents", primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("done", Boolean, nullable=False),
    Column("assignee_id", String),
    Column("due", Date),
    Index(None, "assignee_id"),
)
"""The tasks of a document, in the order in which they stand in its body; what they say is in the body alone."""
