"""A document, or one section of it, as Markdown for one viewer: what programs and models read.

Its links lead where the viewer may read; the others keep their words alone.
"""

from datetime import datetime

from sqlalchemy import Connection

from mainstem.convert import parse, section, to_markdown
from mainstem.reading.addresses import Addresses
from mainstem.reading.links import From, links_for
from mainstem.reading.live import filled
from mainstem.store.content import STORAGE_FORMAT
from mainstem.store.documents import document
from mainstem.store.targets import files_on
from mainstem.wiki.audience import Viewer


def markdown_of(
    db: Connection, document_id: int, *, viewer: Viewer, addresses: Addresses, now: datetime, anchor: str = ""
) -> str | None:
    """The text of a document by our id, "" where it has none; None when it is not there for this viewer.

    With the `anchor` of one of its headings, the text below that heading alone; None where it has no such heading.
    """
    found = document(db, document_id, viewer=viewer)
    if found is None:
        return None
    if not found.source or found.representation != STORAGE_FORMAT:
        return None if anchor else "\n\n".join(passage.text for passage in found.passages)
    (whole,) = filled(
        db, found, [parse(found.source, options=found.conversion)], viewer=viewer, addresses=addresses, now=now
    )
    body = section(whole, anchor) if anchor else whole
    if body is None:
        return None
    files = files_on(db, found.connection_id, {found.source_id}, viewer=viewer)
    page = From(found.connection_id, found.space_key, found.url, tuple(files))
    return to_markdown(body, links_for(db, page, body.links, viewer=viewer, addresses=addresses))
