"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Put up every table of the first version."""
    _connections()
    _journal()
    _clauses()
    _clause_principals()
    _holders()
    _chains()
    _chain_holders()
    _people()
    _groups()
    _group_members()
    _group_groups()
    _spaces()
    _documents()
    _bodies()
    _passages()
    _labels()
    _links()
    _properties()
    _runs()
    _run_failures()
    _events()
    _leases()
    _seen()


def _connections() -> None:
    op.create_table(
        "connections",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("deployment", sa.String, nullable=False),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("api_url", sa.String, nullable=False),
        sa.Column("account_id", sa.String),
        sa.Column("account_name", sa.String),
        sa.Column("login", sa.String),
        sa.Column("credential_kind", sa.String, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("token_expires_on", sa.Date),
        sa.Column("chosen_spaces", sa.JSON),
        sa.Column("kinds", sa.JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_sync_at", INSTANT),
        sqlite_autoincrement=True,
    )


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", KEY, primary_key=True),
        sa.Column("document_id", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )


def _clauses() -> None:
    op.create_table(
        "clauses",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.UniqueConstraint("connection_id", "digest"),
    )


def _clause_principals() -> None:
    op.create_table(
        "clause_principals",
        sa.Column("clause_id", KEY, sa.ForeignKey("clauses.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("principal", sa.String, primary_key=True),
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), nullable=False),
    )
    op.create_index(
        "ix_clause_principals_connection_id_principal_clause_id",
        "clause_principals",
        ["connection_id", "principal", "clause_id"],
    )


def _holders() -> None:
    op.create_table(
        "holders",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("source_id", sa.String, nullable=False),
        sa.Column("clause_id", KEY, sa.ForeignKey("clauses.id"), nullable=False),
        sa.Column("read_at", INSTANT),
        sa.UniqueConstraint("connection_id", "kind", "source_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_holders_clause_id_id", "holders", ["clause_id", "id"])


def _chains() -> None:
    op.create_table(
        "chains",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), nullable=False),
        sa.Column("digest", sa.String, nullable=False, unique=True),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_chains_connection_id", "chains", ["connection_id"])


def _chain_holders() -> None:
    op.create_table(
        "chain_holders",
        sa.Column("chain_id", KEY, sa.ForeignKey("chains.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("holder_id", KEY, sa.ForeignKey("holders.id"), primary_key=True),
    )
    op.create_index("ix_chain_holders_holder_id_chain_id", "chain_holders", ["holder_id", "chain_id"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("source_id", sa.String, primary_key=True),
        sa.Column("display_name", sa.String, nullable=False),
        sa.Column("email", sa.String),
        sa.Column("email_key", sa.String),
        sa.Column("username", sa.String),
        sa.Column("username_key", sa.String),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("guest", sa.Boolean, nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
    )
    op.create_index("ix_people_email_key", "people", ["email_key"])
    op.create_index("ix_people_source_id", "people", ["source_id"])
    op.create_index("ix_people_username_key", "people", ["username_key"])


def _groups() -> None:
    op.create_table(
        "groups",
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("source_id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("read_at", INSTANT),
    )


def _group_members() -> None:
    op.create_table(
        "group_members",
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("group_id", sa.String, primary_key=True),
        sa.Column("person_id", sa.String, primary_key=True),
    )
    op.create_index("ix_group_members_connection_id_person_id", "group_members", ["connection_id", "person_id"])


def _group_groups() -> None:
    op.create_table(
        "group_groups",
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("group_id", sa.String, primary_key=True),
        sa.Column("member_id", sa.String, primary_key=True),
    )
    op.create_index("ix_group_groups_connection_id_member_id", "group_groups", ["connection_id", "member_id"])


def _spaces() -> None:
    op.create_table(
        "spaces",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), nullable=False),
        sa.Column("source_id", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("homepage_id", sa.String),
        sa.Column("url", sa.String, nullable=False),
        sa.UniqueConstraint("connection_id", "source_id"),
    )
    op.create_index("ix_spaces_connection_id_key", "spaces", ["connection_id", "key"])


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), nullable=False),
        sa.Column("source_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("space_id", sa.String, nullable=False),
        sa.Column("container_id", sa.String),
        sa.Column("parent_id", sa.String),
        sa.Column("parent_kind", sa.String),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("author_id", sa.String),
        sa.Column("editor_id", sa.String),
        sa.Column("created_at", INSTANT),
        sa.Column("modified_at", INSTANT),
        sa.Column("position", sa.BigInteger),
        sa.Column("media_type", sa.String),
        sa.Column("file_size", sa.BigInteger),
        sa.Column("file_id", sa.String),
        sa.Column("download", sa.String),
        sa.Column("file_comment", sa.String),
        sa.Column("inline_selection", sa.Text),
        sa.Column("resolved", sa.Boolean, nullable=False),
        sa.Column("body_hash", sa.String),
        sa.Column("extraction", sa.Integer),
        sa.Column("chain_id", KEY, sa.ForeignKey("chains.id")),
        sa.Column("rules_state", sa.String, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("in_scope", sa.Boolean, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("deleted_at", INSTANT),
        sa.UniqueConstraint("connection_id", "source_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_documents_chain_id", "documents", ["chain_id"])
    op.create_index("ix_documents_connection_id_container_id", "documents", ["connection_id", "container_id"])
    op.create_index("ix_documents_connection_id_parent_id", "documents", ["connection_id", "parent_id"])
    op.create_index("ix_documents_connection_id_space_id", "documents", ["connection_id", "space_id"])


def _bodies() -> None:
    op.create_table(
        "bodies",
        sa.Column("document_id", KEY, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("representation", sa.String, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
    )


def _passages() -> None:
    op.create_table(
        "passages",
        sa.Column("document_id", KEY, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("heading_path", sa.JSON, nullable=False),
        sa.Column("anchor", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("document_id", KEY, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("label", sa.String, primary_key=True),
    )
    op.create_index("ix_labels_label", "labels", ["label"])


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("document_id", KEY, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("content_id", sa.String),
        sa.Column("space_key", sa.String),
        sa.Column("title", sa.String),
        sa.Column("posting_day", sa.Date),
        sa.Column("filename", sa.String),
        sa.Column("address", sa.Text),
        sa.Column("anchor", sa.String, nullable=False),
    )
    op.create_index("ix_links_content_id", "links", ["content_id"])
    op.create_index("ix_links_title", "links", ["title"])


def _properties() -> None:
    op.create_table(
        "properties",
        sa.Column("document_id", KEY, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), nullable=False),
        sa.Column("workflow_id", sa.String, nullable=False, unique=True),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("phase", sa.String, nullable=False),
        sa.Column("counters", sa.JSON, nullable=False),
        sa.Column("message", sa.Text),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("heartbeat_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_runs_connection_id_id", "runs", ["connection_id", "id"])


def _run_failures() -> None:
    op.create_table(
        "run_failures",
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("source_id", sa.String, primary_key=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.Column("last_seen", INSTANT, nullable=False),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("run_id", KEY, sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
    )
    op.create_index("ix_events_run_id_id", "events", ["run_id", "id"])


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("workflow_id", sa.String),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("renewed_at", INSTANT, nullable=False),
    )


def _seen() -> None:
    op.create_table(
        "seen",
        sa.Column("run_id", KEY, sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("aspect", sa.String, primary_key=True),
        sa.Column("source_id", sa.String, primary_key=True),
    )
