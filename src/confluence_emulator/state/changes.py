"""Everything that can happen to content, each leaving the traces that Confluence leaves.

A new body or title, and restoring, make a version. Moves, labels, restrictions, archiving, trashing and comments make
none. Nobody's rights are asked here: that is the business of whoever receives a request.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from confluence_emulator.state.contents import (
    TREE_KINDS,
    Content,
    File,
    Kind,
    Label,
    Remark,
    Restriction,
    Status,
    Version,
)
from confluence_emulator.state.site import Site
from confluence_emulator.state.spaces import Space


class TitleTakenError(ValueError):
    """A page of this title exists in the space; archived pages keep theirs."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What new content is to be. `id` is allotted where it is empty; `body` None means that there is none to give.

    `created_at` is now where it is None. `status` is CURRENT or DRAFT.
    """

    title: str = ""
    body: str | None = ""
    adf: str | None = None
    id: str = ""
    created_at: datetime | None = None
    status: Status = Status.CURRENT
    subtype: str | None = None
    embed_url: str | None = None


_EVENTS = {Kind.PAGE: "page", Kind.BLOGPOST: "blog", Kind.COMMENT: "comment", Kind.ATTACHMENT: "attachment"}


def _event(content: Content, what: str) -> str:
    return f"{_EVENTS.get(content.kind, 'content')}_{what}"


def _new(site: Site, kind: Kind, space_id: str, author_id: str | None, draft: Draft) -> Content:
    number = int(draft.id.removeprefix("att")) if draft.id else site.allocate_number()
    prefix = "att" if kind is Kind.ATTACHMENT else ""
    at = draft.created_at or site.now()
    first = Version(1, author_id, at, draft.title, draft.body, draft.adf)
    return Content(
        id=draft.id or f"{prefix}{number}",
        number=number,
        kind=kind,
        space_id=space_id,
        author_id=author_id,
        owner_id=author_id,
        created_at=at,
        versions=[first],
        status=draft.status,
        subtype=draft.subtype,
        embed_url=draft.embed_url,
        position=site.allocated,
    )


def _enter(site: Site, content: Content) -> Content:
    site.index(content)
    site.record(_event(content, "created"), content.id, content.author_id)
    return content


def _check_title(site: Site, space_id: str, title: str, kind: Kind) -> None:
    if kind is Kind.PAGE and site.page_titled(space_id, title) is not None:
        raise TitleTakenError(f"A page with this title already exists: {title}")


def create(
    site: Site, kind: Kind, space: Space, author_id: str | None, draft: Draft, *, parent: Content | None = None
) -> Content:
    """Make a page, blog post, folder, whiteboard, database or embed, below `parent` or at the top of the space."""
    _check_title(site, space.id, draft.title, kind)
    content = _new(site, kind, space.id, author_id, draft)
    content.parent_id = parent.id if parent is not None else None
    return _enter(site, content)


def comment(
    site: Site,
    on: Content,
    author_id: str | None,
    body: str,
    *,
    parent: Content | None = None,
    remark: Remark | None = None,
    at: datetime | None = None,
) -> Content:
    """Comment on a page, blog post or attachment; `parent` is the comment answered, `remark` makes it inline."""
    content = _new(site, Kind.COMMENT, on.space_id, author_id, Draft(f"Re: {on.title}", body, created_at=at))
    content.container_id = on.id
    content.parent_id = parent.id if parent is not None else None
    content.remark = remark or Remark(inline=parent is not None and parent.remark is not None and parent.remark.inline)
    return _enter(site, content)


def attach(site: Site, to: Content, author_id: str | None, name: str, file: File, *, draft_id: str = "") -> Content:
    """Attach a file. A second file of the same name on the same content is a new version of the first."""
    known = next(
        (a for a in site.contained(to.id, Kind.ATTACHMENT) if a.title == name and a.status is Status.CURRENT), None
    )
    if known is not None:
        _add_version(site, known, author_id, replace(known.version, file=file))
        site.record("attachment_updated", known.id, author_id)
        return known
    content = _new(site, Kind.ATTACHMENT, to.space_id, author_id, Draft(name, None, id=draft_id))
    content.container_id = to.id
    content.version.file = file
    return _enter(site, content)


def new_file(site: Site, media_type: str, data: bytes, *, comment: str = "") -> File:
    """A file with an id of its own, to attach."""
    return File(media_type, data, site.allocate_uuid(), comment)


def _add_version(site: Site, content: Content, author_id: str | None, wanted: Version) -> None:
    at = site.now()
    made = replace(wanted, number=content.version.number + 1, author_id=author_id, created_at=at)
    site.unindex(content)
    content.versions.append(made)
    site.index(content)


def update(
    site: Site,
    content: Content,
    author_id: str | None,
    body: str | None,
    *,
    adf: str | None = None,
    message: str = "",
    minor: bool = False,
) -> None:
    """Write a new body: version + 1. Minor edits count as well."""
    wanted = replace(content.version, body=body, adf=adf, message=message, minor=minor)
    _add_version(site, content, author_id, wanted)
    site.record(_event(content, "updated"), content.id, author_id)


def rename(site: Site, content: Content, author_id: str | None, title: str) -> None:
    """Give another title: version + 1, the body stays. TitleTakenError where a page holds the title."""
    if title.casefold() != content.title.casefold():
        _check_title(site, content.space_id, title, content.kind)
    _add_version(site, content, author_id, replace(content.version, title=title, message="", minor=False))
    site.record(_event(content, "updated"), content.id, author_id)


def publish(site: Site, content: Content) -> None:
    """Make a draft current."""
    content.status = Status.CURRENT
    site.record(_event(content, "created"), content.id, content.author_id)


def _place(site: Site, content: Content, parent_id: str | None) -> None:
    site.unindex(content)
    content.parent_id = parent_id
    site.index(content)


def _lift_children(site: Site, content: Content) -> None:
    for child in site.children(content.id):
        if child.kind in TREE_KINDS:
            _place(site, child, content.parent_id)


def trash(site: Site, content: Content, actor_id: str | None = None) -> None:
    """Put into the trash: no new version. What stood below moves up; a comment takes its replies with it."""
    if content.kind in TREE_KINDS:
        _lift_children(site, content)
        _place(site, content, None)
    for reply in site.children(content.id) if content.kind is Kind.COMMENT else []:
        trash(site, reply, actor_id)
    content.status = Status.TRASHED
    site.record(_event(content, "removed" if content.kind is Kind.COMMENT else "trashed"), content.id, actor_id)


def restore(site: Site, content: Content, actor_id: str | None = None) -> None:
    """Take out of the trash, to the top of its space: version + 1."""
    content.status = Status.CURRENT
    _add_version(site, content, actor_id, replace(content.version, message="", minor=False))
    site.record(_event(content, "restored"), content.id, actor_id)


def purge(site: Site, content: Content, actor_id: str | None = None) -> None:
    """Delete for good, with its comments and attachments. From then on its id was never there."""
    if content.kind in TREE_KINDS:
        _lift_children(site, content)
    for kind in (Kind.COMMENT, Kind.ATTACHMENT):
        for inner in site.contained(content.id, kind):
            if inner.id in site.contents:
                purge(site, inner, actor_id)
    for reply in site.children(content.id):
        purge(site, reply, actor_id)
    site.unindex(content)
    site.purged.add(content.id)
    site.record(_event(content, "removed"), content.id, actor_id)


def archive(site: Site, content: Content, actor_id: str | None = None) -> None:
    """Archive: no new version, its place stays, searches no longer find it."""
    content.status = Status.ARCHIVED
    site.record(_event(content, "updated"), content.id, actor_id)


def unarchive(site: Site, content: Content, actor_id: str | None = None) -> None:
    """Bring back from the archive: no new version."""
    content.status = Status.CURRENT
    site.record(_event(content, "updated"), content.id, actor_id)


def move(site: Site, content: Content, space: Space, parent: Content | None, actor_id: str | None = None) -> None:
    """Move, with all that stands below, under `parent` or to the top of `space`: same ids, no new versions.

    ValueError where the parent is the content itself or stands below it.
    """
    if parent is not None and content in (parent, *site.ancestors(parent)):
        raise ValueError(f"{content.id} cannot be moved below itself")
    _place(site, content, parent.id if parent is not None else None)
    if content.space_id != space.id:
        _carry(site, content, space.id)
    site.record(_event(content, "moved"), content.id, actor_id)


def _carry(site: Site, content: Content, space_id: str) -> None:
    inner = [*site.contained(content.id, Kind.COMMENT), *site.contained(content.id, Kind.ATTACHMENT)]
    below = [child for child in site.children(content.id) if child.kind in TREE_KINDS]
    site.unindex(content)
    content.space_id = space_id
    site.index(content)
    for other in (*inner, *below):
        _carry(site, other, space_id)


def copy(site: Site, content: Content, author_id: str | None, title: str, *, parent: Content | None = None) -> Content:
    """Copy one page or blog post, with its labels, under a new id and title: version 1."""
    draft = Draft(title, content.body, content.version.adf, subtype=content.subtype)
    twin = create(site, content.kind, site.spaces[content.space_id], author_id, draft, parent=parent)
    twin.labels = list(content.labels)
    return twin


def label(site: Site, content: Content, name: str, *, prefix: str = "global", actor_id: str | None = None) -> Label:
    """Add a label: no new version."""
    known = site.labels.get((prefix, name))
    if known is None:
        known = site.labels[prefix, name] = Label(str(site.allocate_number()), name, prefix)
    if known not in content.labels:
        content.labels.append(known)
        site.record("label_added", content.id, actor_id)
    return known


def unlabel(site: Site, content: Content, name: str, *, prefix: str = "global", actor_id: str | None = None) -> None:
    """Take a label away: no new version."""
    content.labels = [known for known in content.labels if (known.prefix, known.name) != (prefix, name)]
    site.record("label_removed", content.id, actor_id)


def restrict(
    site: Site,
    content: Content,
    *,
    users: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
    operation: str = "read",
    actor_id: str | None = None,
) -> None:
    """Say who may read (or update) a content, replacing what was said; nobody named lifts the restriction."""
    restriction = Restriction(list(users), list(groups)) if users or groups else None
    if operation == "read":
        content.readers = restriction
    else:
        content.editors = restriction
    site.record("content_permissions_updated", content.id, actor_id)


def resolve(site: Site, comment: Content, actor_id: str | None, resolution: str = "resolved") -> None:
    """Set an inline comment to open, reopened, resolved or dangling."""
    remark = comment.remark or Remark(inline=True)
    remark.resolution, remark.resolved_by, remark.resolved_at = resolution, actor_id, site.now()
    comment.remark = remark
    site.record("comment_updated", comment.id, actor_id)
