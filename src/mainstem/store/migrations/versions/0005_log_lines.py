"""Log lines with their cause, repair and connection, which need not belong to a run."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table anew, with the lines that there are."""
    kept = [
        {
            "connection_id": row.connection_id,
            "run_id": row.run_id,
            "at": row.at,
            "level": row.level,
            "text": row.text,
            "cause": "",
            "repair": "",
            "subject": "",
            "source_id": row.facts.get("id", ""),
            "facts": {},
        }
        for row in op.get_bind().execute(_former())
    ]
    op.drop_index("ix_events_run_id_id", "events")
    op.drop_table("events")
    made = _events()
    if kept:
        op.bulk_insert(made, kept)


def _former() -> sa.Select:  # type: ignore[type-arg]  # rows of a table that is about to go
    events = sa.table(
        "events",
        sa.column("id"),
        sa.column("run_id"),
        sa.column("at", INSTANT),
        sa.column("level"),
        sa.column("text"),
        sa.column("facts", sa.JSON),
    )
    runs = sa.table("runs", sa.column("id"), sa.column("connection_id"))
    return sa.select(events, runs.c.connection_id).join_from(events, runs, runs.c.id == events.c.run_id).order_by("id")


def _events() -> sa.Table:
    made = op.create_table(
        "events",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("connection_id", KEY, sa.ForeignKey("connections.id", ondelete="CASCADE"), nullable=False),
        sa.Column("run_id", KEY, sa.ForeignKey("runs.id", ondelete="CASCADE")),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("repair", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("source_id", sa.String, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_connection_id_id", "events", ["connection_id", "id"])
    op.create_index("ix_events_run_id_id", "events", ["run_id", "id"])
    op.create_index("ix_events_at", "events", ["at"])
    return made
