"""What choices of conversion make of one page, side by side: as it is shown, and as Markdown. Nothing is stored.

A page is read under its viewer's rights, like everywhere; an example of our own stands in where there is none to read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.resources import files
from typing import Final

from sqlalchemy import Connection

from mainstem.convert import nodes, parse, to_html, to_markdown
from mainstem.convert.macros import MACROS
from mainstem.reading.addresses import Addresses
from mainstem.reading.colours import coloured
from mainstem.reading.links import From, links_for
from mainstem.reading.live import filled
from mainstem.reading.safe_html import safe
from mainstem.store.content import STORAGE_FORMAT
from mainstem.store.documents import Document, document
from mainstem.store.targets import files_on
from mainstem.wiki.audience import Viewer
from mainstem.wiki.conversion import ConversionOptions
from mainstem.wiki.documents import LinkResolver, NoLinks

KNOWN_MACROS: Final = tuple(sorted(MACROS))
"""The macros that have a handler, by their names in storage format."""


@dataclass(frozen=True, slots=True)
class Look:
    """A page by one choice: `html` is safe to put into a page, more than once, for it has no ids."""

    html: str
    markdown: str


@dataclass(frozen=True, slots=True)
class Preview:
    """One page, and its look by each choice."""

    title: str
    looks: tuple[Look, ...]


def preview(
    db: Connection,
    page: tuple[int, int],
    choices: Sequence[ConversionOptions],
    *,
    viewer: Viewer,
    addresses: Addresses,
    now: datetime,
) -> Preview | None:
    """What each choice makes of a page, by our ids of its connection and of itself; None where it is not there."""
    found = document(db, page[1], viewer=viewer)
    if found is None or found.connection_id != page[0] or found.representation != STORAGE_FORMAT:
        return None
    attached = tuple(files_on(db, found.connection_id, {found.source_id}, viewer=viewer))
    where = From(found.connection_id, found.space_key, found.url, attached)

    def look(chosen: Document) -> Look:
        tree = parse(chosen.source or "", options=chosen.conversion)
        (whole,) = filled(db, chosen, [tree], viewer=viewer, addresses=addresses, now=now)
        return _look(whole, links_for(db, where, whole.links, viewer=viewer, addresses=addresses))

    return Preview(found.title, tuple(look(replace(found, conversion=each)) for each in choices))


def example(choices: Sequence[ConversionOptions]) -> Preview:
    """What each choice makes of a page of our own, in which the common macros stand, a table and a picture."""
    source = (files("mainstem.reading") / "example.xml").read_text(encoding="utf-8")
    return Preview("An example", tuple(_look(parse(source, options=each), NoLinks()) for each in choices))


def _look(whole: nodes.Document, links: LinkResolver) -> Look:
    return Look(safe(coloured(to_html(whole, links)), anchors=False), to_markdown(whole, links))
