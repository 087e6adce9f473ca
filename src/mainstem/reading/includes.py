"""Pages that a page shows within itself, or parts of them: read for the viewer, a few statements for all of them.

Bounded in how deep pages stand in each other, in how many they are, and in how much they say together; what goes beyond
that is a link.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection

from mainstem.convert import Part, nodes, parse, parse_parts
from mainstem.convert.grafts import Home, rewritten, spelled_out
from mainstem.reading.pages import Page, pages_named
from mainstem.store.bodies import Body, bodies_of
from mainstem.store.content import STORAGE_FORMAT
from mainstem.store.documents import Document
from mainstem.store.targets import Found
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind
from mainstem.wiki.conversion import ConversionOptions
from mainstem.wiki.documents import Target

DEEPEST: Final = 5
"""How many pages may stand within each other."""

MOST_PAGES: Final = 50
"""How many different pages, or excerpts of pages, one page shows."""

LONGEST: Final = 500_000
"""Characters of a body that is read for another page, as it is stored."""

Live = nodes.Include | nodes.Listing


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page, or parts of it, with where it stands; `key` tells pages and their parts apart.

    Of what stands in `document`, `home` spells out whatever goes without saying there.
    """

    key: tuple[int, bool]
    site: int
    home: Home
    space_name: str
    homepage_id: str | None
    parent_id: str | None
    document: nodes.Document

    @property
    def document_id(self) -> int:
        """Our id of the page."""
        return self.key[0]

    def spelled(self, node: Any) -> Any:
        """A node of this page with every target in it spelled out."""
        return rewritten((node,), lambda part: spelled_out(part, self.home) if isinstance(part, Target) else part)[0]


@dataclass(slots=True)
class Shelf:
    """Sheets by their keys, and what the targets on them mean to the viewer."""

    sheets: dict[tuple[int, bool], Sheet] = field(default_factory=dict)
    pages: dict[Page, Found] = field(default_factory=dict)

    def included(self, node: nodes.Include) -> Sheet | None:
        """The sheet of a spelled out node; None where it was not read."""
        found = self.pages.get(node.target) if isinstance(node.target, Page) else None
        return None if found is None else self.sheets.get((found.document_id, node.excerpt is None))


def sheet_for(body: Body, site: int, part: Part | None, options: ConversionOptions) -> Sheet:
    """The sheet of a stored body: of all of it, or only of its parts of one kind."""
    source = body.source if body.representation == STORAGE_FORMAT else ""
    tree = parse(source, options=options) if part is None else parse_parts(source, part, options=options)
    home = Home(body.space_key, body.source_id, body.url)
    return Sheet((body.document_id, part is None), site, home, body.space_name, body.homepage_id, body.parent_id, tree)


def sheet_of(found: Document, tree: nodes.Document) -> Sheet:
    """The sheet of a page that somebody opens; a comment or file stands where its page does."""
    attached = found.kind in (Kind.COMMENT, Kind.ATTACHMENT) and found.container_id
    home = Home(found.space_key, attached or found.source_id, found.url)
    return Sheet(
        (found.id, True), found.connection_id, home, found.space_name, found.homepage_id, found.parent_id, tree
    )


def shelf_of(db: Connection, sheets: Iterable[Sheet], *, viewer: Viewer) -> Shelf:
    """Everything that these sheets show of other pages, and these of others, as far as the viewer can read it."""
    shelf, waiting = Shelf(), list(sheets)
    options = waiting[0].document.options
    for deep in range(DEEPEST + 1):
        live = [sheet.spelled(node) for sheet in waiting for node in sheet.document.live]
        if not live:
            break
        targets = {target for node in live for target in _pages_in(node)} - shelf.pages.keys()
        named = pages_named(db, waiting[0].site, "", targets, viewer=viewer)
        shelf.pages |= {target: found for target in targets if (found := named.find(target))}
        # What the deepest pages name is looked up as well, or it would seem to be gone.
        keys = _unread(live, shelf) if deep < DEEPEST else []
        waiting = _read(db, waiting[0].site, keys, options, viewer=viewer)
        shelf.sheets |= {sheet.key: sheet for sheet in waiting}
    return shelf


def _pages_in(node: Live) -> Iterable[Page]:
    if isinstance(node, nodes.Include):
        return (node.target,) if isinstance(node.target, Page) else ()
    return (said for _, values in node.parameters for said in values if isinstance(said, Page))


def _unread(live: Iterable[Live], shelf: Shelf) -> list[tuple[int, bool]]:
    """The sheets that are wanted next, as many as there is room for."""
    wanted: dict[tuple[int, bool], None] = {}
    for node in live:
        if isinstance(node, nodes.Include) and isinstance(node.target, Page) and node.target in shelf.pages:
            wanted[shelf.pages[node.target].document_id, node.excerpt is None] = None
    return [key for key in wanted if key not in shelf.sheets][: MOST_PAGES - len(shelf.sheets)]


def _read(
    db: Connection, site: int, keys: list[tuple[int, bool]], options: ConversionOptions, *, viewer: Viewer
) -> list[Sheet]:
    bodies = bodies_of(db, {document_id for document_id, _ in keys}, viewer=viewer, longest=LONGEST)
    there = [(bodies[id_], whole) for id_, whole in keys if id_ in bodies and bodies[id_].representation]
    return [sheet_for(body, site, None if whole else Part.EXCERPTS, options) for body, whole in there]


def shown_of(sheet: Sheet, excerpt: str | None) -> tuple[nodes.Block, ...]:
    """The blocks of a page, or of its excerpt of this name; "" is the first one without a name, else the first."""
    if excerpt is None:
        return sheet.document.blocks
    excerpts = sheet.document.excerpts
    named = (each for each in excerpts if each.name == excerpt)
    chosen = next(named, None) or (excerpts[0] if excerpts and not excerpt else None)
    return () if chosen is None else chosen.blocks
