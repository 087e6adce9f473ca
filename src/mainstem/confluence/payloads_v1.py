"""The v1 objects, as Data Center and what is left of v1 on Cloud give them, as wiki types."""

from mainstem.confluence.fields import (
    Row,
    at,
    identity,
    instant,
    kind,
    number,
    optional_id,
    results,
    status,
    storage,
    text,
)
from mainstem.wiki.content import AttachmentFile, Content, Group, Kind, Person, Space


def space(row: Row, base: str) -> Space:
    """A space of Data Center; its id is a number there."""
    return Space(
        id=identity(row),
        key=text(row, "key"),
        name=text(row, "name"),
        kind=text(row, "type") or "global",
        status=status(str(row.get("status", "current")).lower()),
        homepage_id=optional_id(at(row, "homepage", "id")),
        url=_url(row, base),
    )


def content(row: Row, as_kind: Kind, base: str) -> Content:
    """A page, blog post, comment or attachment of Data Center."""
    above = results_above(row)
    parent = above[-1] if above else None
    return Content(
        id=identity(row),
        kind=as_kind,
        space_id=optional_id(at(row, "space", "id")) or optional_id(at(row, "container", "space", "id")) or "",
        title=text(row, "title"),
        version=number(at(row, "version", "number")) or 0,
        status=status(row.get("status")),
        parent_id=identity(parent) if parent else None,
        parent_kind=(kind(parent.get("type")) or as_kind) if parent else None,
        position=number(at(row, "extensions", "position")),
        container_id=optional_id(at(row, "container", "id")) if as_kind in {Kind.COMMENT, Kind.ATTACHMENT} else None,
        author_id=account_id(at(row, "history", "createdBy")),
        editor_id=account_id(at(row, "version", "by")),
        created_at=instant(at(row, "history", "createdDate")),
        modified_at=instant(at(row, "version", "when")),
        url=_url(row, base),
        body=storage(row),
        file=_file(row) if as_kind is Kind.ATTACHMENT else None,
        inline_selection=text(row, "extensions", "inlineProperties", "originalSelection") or None,
        resolved=_resolved(row),
    )


def person(row: Row) -> Person:
    """An account: by account id on Cloud, by user key on Data Center."""
    cloud = bool(row.get("accountId"))
    return Person(
        id=account_id(row) or "",
        display_name=text(row, "displayName") or text(row, "publicName") or text(row, "username"),
        email=text(row, "email") or None,
        active=_is_active(row),
        kind=(text(row, "accountType") or "atlassian") if cloud else "user",
        guest=bool(row.get("isGuest") or row.get("isExternalCollaborator")),
        username=text(row, "username") or None,
    )


def _is_active(row: Row) -> bool:
    # Data Center tells it only where `status` is expanded, and in versions that know how.
    told = text(row, "accountStatus") or text(row, "status")
    return row.get("type") != "unknown" and told.lower() in {"", "active", "current"}


def account_id(row: Row | None) -> str | None:
    """What identifies an account: account id (Cloud), user key, or (long ago) the user name; None for nobody."""
    for name in ("accountId", "userKey", "username"):
        value = at(row, name)
        if value:
            return str(value)
    return None


def group(row: Row) -> Group:
    """A group: by its UUID on Cloud, by its lower-cased name on Data Center, where case does not count."""
    name = text(row, "name")
    return Group(id=optional_id(row.get("id")) or name.lower(), name=name)


def results_above(row: Row) -> list[Row]:
    """The ancestors, outermost first."""
    found = row.get("ancestors")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def labels(row: Row, *path: str) -> tuple[str, ...]:
    """The labels that everyone sees; favourites and the like (`my:`) are one person's own."""
    return tuple(text(each, "name") for each in results(row, *path) if each.get("prefix", "global") == "global")


def _resolved(row: Row) -> bool:
    resolution = at(row, "extensions", "resolution", "status")
    return "resolved" in (resolution, at(row, "extensions", "location"))


def _file(row: Row) -> AttachmentFile:
    return AttachmentFile(
        media_type=text(row, "extensions", "mediaType") or text(row, "metadata", "mediaType"),
        size=number(at(row, "extensions", "fileSize")) or 0,
        file_id=optional_id(at(row, "extensions", "fileId")),
        download=text(row, "_links", "download"),
        comment=text(row, "extensions", "comment") or text(row, "metadata", "comment"),
    )


def _url(row: Row, base: str) -> str:
    link = text(row, "_links", "webui")
    return (text(row, "_links", "base") or base) + link if link else ""
