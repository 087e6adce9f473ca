"""Cloud's v2 objects as wiki types."""

from mainstem.confluence.fields import Row, at, identity, instant, kind, number, optional_id, status, storage, text
from mainstem.wiki.content import AttachmentFile, Content, Kind, Person, Space

CONTAINERS = ("pageId", "blogPostId", "attachmentId", "customContentId")


def space(row: Row, base: str) -> Space:
    """A space; `base` is `_links.base`."""
    return Space(
        id=identity(row),
        key=text(row, "key"),
        name=text(row, "name"),
        kind=text(row, "type") or "global",
        status=status(row.get("status", "current")),
        homepage_id=optional_id(row.get("homepageId")),
        url=_url(row, base),
    )


def content(row: Row, as_kind: Kind, base: str) -> Content:
    """A page, blog post, comment, attachment, folder, whiteboard, database or embed."""
    answered = optional_id(row.get("parentCommentId"))
    version = number(at(row, "version", "number")) or 0
    changed = instant(at(row, "version", "createdAt"))
    changed_by = optional_id(at(row, "version", "authorId"))
    first = version == 1
    return Content(
        id=identity(row),
        kind=as_kind,
        space_id=optional_id(row.get("spaceId")) or "",
        title=text(row, "title"),
        version=version,
        status=status(row.get("status")),
        parent_id=answered or optional_id(row.get("parentId")),
        parent_kind=Kind.COMMENT if answered else kind(row.get("parentType")),
        position=number(row.get("position")),
        container_id=_container(row, as_kind),
        author_id=optional_id(row.get("authorId")) or (changed_by if first else None),
        editor_id=changed_by,
        created_at=instant(row.get("createdAt")) or (changed if first else None),
        modified_at=changed,
        url=_url(row, base),
        body=storage(row),
        file=_file(row) if as_kind is Kind.ATTACHMENT else None,
        inline_selection=text(row, "properties", "inlineOriginalSelection") or None,
        resolved=row.get("resolutionStatus") == "resolved",
    )


def person(row: Row) -> Person:
    """An account from `users-bulk`."""
    return Person(
        id=text(row, "accountId"),
        display_name=text(row, "displayName") or text(row, "publicName"),
        email=text(row, "email") or None,
        active=row.get("accountStatus", "active") == "active",
        kind=text(row, "accountType") or "atlassian",
        guest=bool(row.get("isGuest") or row.get("isExternalCollaborator")),
    )


def _container(row: Row, as_kind: Kind) -> str | None:
    if as_kind not in {Kind.COMMENT, Kind.ATTACHMENT}:
        return None
    return next((str(row[name]) for name in CONTAINERS if row.get(name)), None)


def _file(row: Row) -> AttachmentFile:
    container = _container(row, Kind.ATTACHMENT)
    # The link that v2 names may be the older one, which Cloud has switched off: the route below serves every token.
    route = f"/rest/api/content/{container}/child/attachment/{identity(row)}/download"
    return AttachmentFile(
        media_type=text(row, "mediaType"),
        size=number(row.get("fileSize")) or 0,
        file_id=optional_id(row.get("fileId")),
        download=route if container else text(row, "downloadLink") or text(row, "_links", "download"),
        comment=text(row, "comment"),
    )


def _url(row: Row, base: str) -> str:
    link = text(row, "_links", "webui") or text(row, "webuiLink")
    return (text(row, "_links", "base") or base) + link if link else ""
