"""Contents, spaces and people as v2 shows them."""

import json
from datetime import UTC, datetime
from typing import Any

from confluence_emulator.cloud import urls
from confluence_emulator.cloud.call import Call
from confluence_emulator.state import Content, Kind, Label, Space, User, Version

Json = dict[str, Any]

CONTAINER_FIELDS = {Kind.PAGE: "pageId", Kind.BLOGPOST: "blogPostId", Kind.ATTACHMENT: "attachmentId"}


def instant(at: datetime) -> str:
    """An instant in UTC with milliseconds and a Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def version(of: Version) -> Json:
    """A version as content rows carry it."""
    return {
        "number": of.number,
        "message": of.message,
        "minorEdit": of.minor,
        "authorId": of.author_id,
        "createdAt": instant(of.created_at),
    }


def body(of: Version, representation: str) -> Json:
    """The body in one representation; without one, no body at all. Pages without ADF have a null value there."""
    if not representation:
        return {}
    value = of.adf if representation == "atlas_doc_format" else of.body
    if representation == "atlas_doc_format" and value is None and of.body == "":
        value = json.dumps({"type": "doc", "version": 1, "content": []})
    return {representation: {"representation": representation, "value": value}}


def page(call: Call, content: Content, representation: str = "", of: Version | None = None) -> Json:
    """A page, or one of its earlier versions."""
    shown = of or content.version
    parent = call.site.contents.get(content.parent_id) if content.parent_id is not None else None
    trashed = content.status == "trashed"
    return {
        "parentType": parent.kind if parent is not None else None,
        "parentId": content.parent_id,
        "ownerId": content.owner_id,
        "lastOwnerId": None,
        "createdAt": instant(content.created_at),
        "authorId": content.author_id,
        "position": None if trashed else content.position,
        "version": version(shown),
        "id": content.id,
        "body": body(shown, representation),
        "status": content.status if shown is content.version else "historical",
        "subtype": content.subtype,
        "title": shown.title,
        "spaceId": content.space_id,
        "_links": _links(call, content),
    }


def _links(call: Call, content: Content) -> Json:
    key = call.site.spaces[content.space_id].key
    return {
        "editui": f"/pages/resumedraft.action?draftId={content.id}",
        "webui": urls.web_url(call.site, content),
        "edituiv2": f"/spaces/{key}/pages/edit-v2/{content.id}",
        "tinyui": urls.tiny_url(content),
    }


def blogpost(call: Call, content: Content, representation: str = "", of: Version | None = None) -> Json:
    """A blog post: a page without a place in the tree and without an owner."""
    shape = page(call, content, representation, of)
    for name in ("parentType", "parentId", "ownerId", "lastOwnerId", "position", "subtype"):
        del shape[name]
    return shape


def node(call: Call, content: Content) -> Json:
    """A folder, whiteboard, database or embed: no body anywhere."""
    parent = call.site.contents.get(content.parent_id) if content.parent_id is not None else None
    shape = {
        "id": content.id,
        "type": content.kind,
        "status": content.status,
        "title": content.title,
        "parentId": content.parent_id,
        "parentType": parent.kind if parent is not None else None,
        "position": None if content.status == "trashed" else content.position,
        "authorId": content.author_id,
        "ownerId": content.owner_id,
        "createdAt": instant(content.created_at),
        "spaceId": content.space_id,
        "version": version(content.version),
        "_links": {"webui": urls.web_url(call.site, content)},
    }
    return {**shape, "embedUrl": content.embed_url} if content.kind is Kind.EMBED else shape


def attachment(call: Call, content: Content) -> Json:
    """An attachment; where its bytes are is relative to `/wiki`."""
    file = content.file
    container = call.site.contents[content.container_id or ""]
    web, download = urls.web_url(call.site, content), urls.download_url(content)
    return {
        "id": content.id,
        "status": content.status,
        "title": content.title,
        "createdAt": instant(content.created_at),
        CONTAINER_FIELDS[container.kind]: container.id,
        "mediaType": file.media_type,
        "mediaTypeDescription": file.media_type.partition("/")[2].upper(),
        "comment": file.comment,
        "fileId": file.file_id,
        "fileSize": len(file.data),
        "webuiLink": web,
        "downloadLink": download,
        "version": version(content.version),
        "_links": {"webui": web, "download": download},
    }


def comment(call: Call, content: Content, representation: str = "") -> Json:
    """A footer or inline comment, or a reply to one."""
    container = call.site.contents[content.container_id or ""]
    shape: Json = {
        "id": content.id,
        "status": content.status,
        "title": content.title,
        CONTAINER_FIELDS[container.kind]: container.id,
        "version": version(content.version),
        "body": body(content.version, representation),
        "_links": {"webui": urls.web_url(call.site, content)},
    }
    if content.parent_id is not None:
        shape["parentCommentId"] = content.parent_id
    return shape | _remark(content)


def _remark(content: Content) -> Json:
    remark = content.remark
    if remark is None or not remark.inline:
        return {}
    shape: Json = {"properties": {"inlineMarkerRef": remark.marker_ref, "inlineOriginalSelection": remark.selection}}
    if remark.resolution is not None:
        shape["resolutionStatus"] = remark.resolution
    if remark.resolved_at is not None:
        shape["resolutionLastModifierId"] = remark.resolved_by
        shape["resolutionLastModifiedAt"] = instant(remark.resolved_at)
    return shape


def label(of: Label) -> Json:
    """A label."""
    return {"id": of.id, "name": of.name, "prefix": of.prefix}


def space(of: Space, description: str = "") -> Json:
    """A space; its description only in the format asked for."""
    told = {description: {"representation": description, "value": of.description}} if description else None
    return {
        "id": of.id,
        "key": of.key,
        "name": of.name,
        "type": of.kind,
        "status": of.status,
        "authorId": of.author_id,
        "spaceOwnerId": of.author_id,
        "currentActiveAlias": of.key,
        "createdAt": instant(of.created_at),
        "homepageId": of.homepage_id,
        "description": told,
        "icon": None,
        "_links": {"webui": urls.space_url(of)},
    }


def user(of: User) -> Json:
    """A person as `users-bulk` shows them: the e-mail address only where it is public."""
    return {
        "displayName": of.display_name,
        "timeZone": of.time_zone,
        "personalSpaceId": of.personal_space_id,
        "isExternalCollaborator": of.guest,
        "accountStatus": "active" if of.active else "inactive",
        "accountId": of.account_id,
        "email": of.email if of.email_visible else "",
        "accountType": of.kind,
        "publicName": of.public_name,
        "profilePicture": {"path": "/wiki/aa-avatar/default", "isDefault": True},
    }


def single(call: Call, shape: Json) -> Json:
    """One object on its own: the base joins its links."""
    return {**shape, "_links": {**shape.get("_links", {}), "base": call.site.base_url}}
