"""What somebody lets an app of Atlassian's read, for a connection or for one that is still being filled in."""

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table

from mainstem.store.columns import BigKey, Instant, metadata

grants = Table(
    "grants",
    metadata,
    Column("id", String, primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    Column("renewed_at", Instant, nullable=False),
    Column("renewing_until", Instant),
    Column("connection_id", BigKey, ForeignKey("connections.id", ondelete="CASCADE"), index=True),
    Column("draft_id", BigKey, ForeignKey("drafts.id", ondelete="CASCADE"), index=True),
)
"""`renewing_until`: somebody has the right to renew it until then."""
