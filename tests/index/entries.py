"""Entries for tests: one line each."""

from datetime import UTC, datetime
from typing import Any

from mainstem.index.passage_index import Entry
from mainstem.wiki.properties import PageProperty

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def entry(
    document_id: int,
    text: str = "",
    *,
    ordinal: int = 0,
    title: str = "",
    headings: tuple[str, ...] = (),
    chain: int = 1,
    space: str = "ENG",
    kind: str = "page",
    labels: tuple[str, ...] = (),
    author: str = "",
    updated: datetime | None = NOW,
    source: str = "Acme wiki",
    properties: tuple[PageProperty, ...] = (),
    **filed: Any,
) -> Entry:
    return Entry(
        document_id=document_id,
        ordinal=ordinal,
        chain_id=chain,
        title=title,
        heading_path=headings,
        anchor="",
        text=text,
        space_key=space,
        kind=kind,
        tags=labels,
        author=author,
        updated_at=updated,
        connection=source,
        properties=properties,
        **filed,
    )
