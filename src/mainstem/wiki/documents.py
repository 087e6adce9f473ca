"""What the converter makes of a body, and how it asks where links lead.

Links and names are resolved when a document is read, for whoever reads it; so nothing here depends on a viewer.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from mainstem.wiki.macros import MacroUse
from mainstem.wiki.properties import PageProperty


class BodyFormat(StrEnum):
    """What a body is written in, in Confluence's words."""

    STORAGE = "storage"
    ADF = "atlas_doc_format"


@dataclass(frozen=True, slots=True)
class Passage:
    """One stretch of plain text that is found, shown and cited as a unit.

    `heading_path` names the headings above it, outermost first; `anchor` is the id of the nearest heading in our own
    HTML ("" above the first heading); `text` holds no markup. `ordinal` counts from 0 within the document.
    """

    ordinal: int
    heading_path: tuple[str, ...]
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class PageTarget:
    """A link by title. `space_key` None means the space of the linking page; `content_id` when the link names it."""

    title: str
    space_key: str | None = None
    content_id: str | None = None
    posting_day: date | None = None
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class ContentTarget:
    """A link by content id."""

    content_id: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentTarget:
    """A file; `page` None means that it is attached to the linking page itself.

    It goes by name, except where ADF tells its `file_id`: there the name is only what was noted beside it, perhaps "".
    """

    filename: str
    page: PageTarget | ContentTarget | None = None
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class SpaceTarget:
    """A link to a space."""

    key: str


@dataclass(frozen=True, slots=True)
class PersonTarget:
    """A mention; `id` is an account id (Cloud), user key or user name (Data Center)."""

    id: str


@dataclass(frozen=True, slots=True)
class UrlTarget:
    """An absolute address, or one relative to the site."""

    url: str


@dataclass(frozen=True, slots=True)
class HubTarget:
    """A place of the hub itself that was looked up already, for the reader at hand: no body names one."""

    href: str
    title: str


Target = PageTarget | ContentTarget | AttachmentTarget | SpaceTarget | PersonTarget | UrlTarget | HubTarget


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a target leads: an address, and the title to show when the link has no text of its own."""

    href: str
    title: str


class LinkResolver(Protocol):
    """Answers where a target leads, or None when it is unknown or not visible to the reader."""

    def resolve(self, target: Target) -> Destination | None:
        """The destination of a target for the present reader."""


class NoLinks:
    """Resolves nothing but absolute addresses: for a file converted on its own."""

    def resolve(self, target: Target) -> Destination | None:
        """The address itself for a URL; None for everything that needs a site."""
        if isinstance(target, UrlTarget):
            return Destination(href=target.url, title=target.url)
        return None


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What is known of a task beside its words: an account's id or user name, and the day it is due."""

    done: bool
    assignee: str | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Converted:
    """Everything derived from one body that is stored: passages, links, properties, tasks, how its macros came out.

    `extraction` tells the converter that made it, 0 where none is told; another one makes it anew from the stored body.
    """

    passages: tuple[Passage, ...]
    links: tuple[Target, ...]
    properties: tuple[PageProperty, ...]
    extraction: int = 0
    macros: tuple[MacroUse, ...] = ()
    tasks: tuple[TaskFacts, ...] = ()
