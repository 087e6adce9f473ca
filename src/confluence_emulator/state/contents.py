"""What a space holds: pages, blog posts, comments, attachments, folders and their like, with versions and restrictions.

Plain data. Nothing here changes anything else: `changes` does, so that every index of the site stays true.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of content, in Confluence's words."""

    PAGE = "page"
    BLOGPOST = "blogpost"
    COMMENT = "comment"
    ATTACHMENT = "attachment"
    FOLDER = "folder"
    WHITEBOARD = "whiteboard"
    DATABASE = "database"
    EMBED = "embed"


TREE_KINDS = frozenset({Kind.PAGE, Kind.FOLDER, Kind.WHITEBOARD, Kind.DATABASE, Kind.EMBED})
"""What may stand in a page tree."""


class Status(StrEnum):
    """The life of content. Purged content has no status: it is gone from the site."""

    CURRENT = "current"
    ARCHIVED = "archived"
    TRASHED = "trashed"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Label:
    """One label. `prefix` is global, my, team or system; `id` is the same wherever the label is used."""

    id: str
    name: str
    prefix: str = "global"


@dataclass(frozen=True, slots=True)
class File:
    """The bytes behind one version of an attachment. `file_id` is the UUID that ADF media nodes name."""

    media_type: str
    data: bytes
    file_id: str
    comment: str = ""


@dataclass(slots=True)
class Version:
    """One version. `body` is storage format (None: there is none to give), `adf` the ADF document as JSON text."""

    number: int
    author_id: str | None
    created_at: datetime
    title: str
    body: str | None = None
    adf: str | None = None
    message: str = ""
    minor: bool = False
    file: File | None = None


@dataclass(slots=True)
class Restriction:
    """Who passes one operation on one content, directly. Deleted people and groups stay named, as in Confluence."""

    users: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Remark:
    """What only comments have. `marker_ref` and `selection` belong to inline comments.

    `resolution` is open, reopened, resolved or dangling, and None on footer comments.
    """

    inline: bool = False
    resolution: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None
    marker_ref: str = ""
    selection: str = ""


@dataclass(slots=True)
class Content:
    """One content of any kind.

    `number` orders by id. `parent_id` is what stands above it in the tree, or the comment a reply answers.
    `container_id` is set on comments and attachments. `readers`/`editors` None: not restricted.
    """

    id: str
    number: int
    kind: Kind
    space_id: str
    author_id: str | None
    created_at: datetime
    versions: list[Version]
    status: Status = Status.CURRENT
    parent_id: str | None = None
    position: int = 0
    container_id: str | None = None
    owner_id: str | None = None
    subtype: str | None = None
    labels: list[Label] = field(default_factory=list)
    readers: Restriction | None = None
    editors: Restriction | None = None
    remark: Remark | None = None
    embed_url: str | None = None

    @property
    def version(self) -> Version:
        """The version that counts."""
        return self.versions[-1]

    @property
    def title(self) -> str:
        """Its title; an attachment's file name."""
        return self.versions[-1].title

    @property
    def body(self) -> str | None:
        """Its storage format."""
        return self.versions[-1].body

    @property
    def modified_at(self) -> datetime:
        """When its last version was made."""
        return self.versions[-1].created_at

    @property
    def file(self) -> File:
        """The file of an attachment. Other kinds have none: LookupError."""
        file = self.versions[-1].file
        if file is None:
            raise LookupError(f"{self.kind} {self.id} has no file")
        return file
