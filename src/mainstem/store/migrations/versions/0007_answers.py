"""Questions, their answers with sources, and feedback on them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Put up the tables of answers."""
    _answers()
    _sources()
    _feedback()


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("member_id", KEY, sa.ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("claims", sa.JSON, nullable=False),
        sa.Column("sources", sa.Integer, nullable=False),
        sa.Column("missing", sa.JSON, nullable=False),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("trouble", sa.Text, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_answers_member_id", "answers", ["member_id"])


def _sources() -> None:
    op.create_table(
        "answer_sources",
        sa.Column("answer_id", KEY, sa.ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("document_id", KEY, sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("heading_path", sa.JSON, nullable=False),
        sa.Column("anchor", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("document_updated_at", INSTANT),
    )
    op.create_index("ix_answer_sources_document_id", "answer_sources", ["document_id"])


def _feedback() -> None:
    op.create_table(
        "answer_feedback",
        sa.Column("answer_id", KEY, sa.ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("good", sa.Boolean, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
    )
