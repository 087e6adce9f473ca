"""What a Confluence site holds: spaces and their content, as every package of Mainstem speaks of it.

Ids are opaque strings, exactly as Confluence gives them. Instants are aware and in UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Deployment(StrEnum):
    """The two families of Confluence, which speak different dialects."""

    CLOUD = "cloud"
    DATA_CENTER = "datacenter"


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


class Status(StrEnum):
    """The life of content. Anything else that Confluence may say reads as UNKNOWN, which is hidden."""

    CURRENT = "current"
    ARCHIVED = "archived"
    TRASHED = "trashed"
    DELETED = "deleted"
    DRAFT = "draft"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Space:
    """One space. `kind` is Confluence's own word (global, personal, collaboration, knowledge_base ...)."""

    id: str
    key: str
    name: str
    kind: str = "global"
    status: Status = Status.CURRENT
    homepage_id: str | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentFile:
    """The file behind an attachment. `size` in bytes; `download` relative to the site's base."""

    media_type: str
    size: int
    file_id: str | None
    download: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """One page, blog post, comment, attachment, folder or the like.

    `parent_id`/`parent_kind` is what stands above it in the tree (a page or folder; for a comment, the comment it
    answers). `container_id` is set on comments and attachments: the content they belong to, whose readers are theirs.
    `version` counts body changes. `body` is storage format, None when it was not asked for or there is none.
    `url` is the address a person opens. `inline_selection` is the text an inline comment is about.
    """

    id: str
    kind: Kind
    space_id: str
    title: str
    version: int
    status: Status = Status.CURRENT
    parent_id: str | None = None
    parent_kind: Kind | None = None
    position: int | None = None
    container_id: str | None = None
    author_id: str | None = None
    editor_id: str | None = None
    created_at: datetime | None = None
    modified_at: datetime | None = None
    url: str = ""
    body: str | None = None
    file: AttachmentFile | None = None
    inline_selection: str | None = None
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """One account. `kind` is atlassian, app or customer on Cloud; user elsewhere. `email` None when hidden."""

    id: str
    display_name: str
    email: str | None = None
    active: bool = True
    kind: str = "atlassian"
    guest: bool = False
    username: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One group. On Cloud `id` is a UUID and `name` may change; on Data Center `id` is the lower-cased name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Membership:
    """Who is directly in a group: people, and (Data Center) other groups by id."""

    group: Group
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
