"""Contents, spaces, people and groups as v1 shows them: little, unless `expand` asks for more.

What could be expanded and was not is named in `_expandable`, as in Confluence.
"""

from collections.abc import Callable
from typing import Any

from confluence_emulator.cloud import urls
from confluence_emulator.cloud.call import Call
from confluence_emulator.cloud.v1.paging import Expand
from confluence_emulator.cloud.v2.shapes import instant
from confluence_emulator.state import Content, Group, Kind, PrincipalKind, Restriction, Space, User, Version

Json = dict[str, Any]

NESTED_LIMIT = 200
BODIES = ("storage", "view", "export_view", "styled_view", "anonymous_export_view", "editor", "atlas_doc_format")


def person(call: Call, account_id: str | None) -> Json:
    """A person by account id; one who is not there any more is `unknown`."""
    known = call.site.users.get(account_id) if account_id is not None else None
    if known is None:
        return {"type": "unknown", "accountId": account_id or "unknown", "displayName": "Unknown User"}
    return user(call, known)


def user(call: Call, of: User) -> Json:
    """A person; the e-mail address only where it is public."""
    return {
        "type": "known",
        "accountId": of.account_id,
        "accountType": of.kind,
        "accountStatus": "active" if of.active else "inactive",
        "email": of.email if of.email_visible else "",
        "publicName": of.public_name,
        "displayName": of.display_name,
        "timeZone": of.time_zone,
        "isExternalCollaborator": of.guest,
        "isGuest": of.guest,
        "profilePicture": {"path": "/wiki/aa-avatar/default", "width": 48, "height": 48, "isDefault": True},
        "_expandable": {"operations": "", "personalSpace": ""},
        "_links": {"self": f"{call.site.base_url}/rest/api/user?accountId={of.account_id}"},
    }


def group(call: Call, of: Group) -> Json:
    """A group."""
    return {
        "type": "group",
        "id": of.id,
        "name": of.name,
        "usageType": "USERBASE_GROUP",
        "managedBy": "ADMINS",
        "_links": {"self": f"{call.site.base_url}/rest/api/group/by-id?id={of.id}"},
    }


def version(call: Call, of: Version) -> Json:
    """A version with its author."""
    return {
        "by": person(call, of.author_id),
        "when": instant(of.created_at),
        "friendlyWhen": f"{of.created_at:%b %d, %Y}",
        "message": of.message,
        "number": of.number,
        "minorEdit": of.minor,
        "_expandable": {"collaborators": "", "content": ""},
    }


def history(call: Call, of: Content, expand: Expand) -> Json:
    """Who made a content and when."""
    shape: Json = {
        "latest": True,
        "createdBy": person(call, of.author_id),
        "createdDate": instant(of.created_at),
        "_expandable": {"previousVersion": "", "contributors": "", "nextVersion": ""},
        "_links": {"self": f"{call.site.base_url}/rest/api/content/{of.id}/history"},
    }
    if "lastUpdated" in expand:
        shape["lastUpdated"] = version(call, of.version)
    else:
        shape["_expandable"]["lastUpdated"] = ""
    return shape


def space(call: Call, of: Space, expand: Expand) -> Json:
    """A space; its id is a number in v1."""
    shape: Json = {
        "id": of.number,
        "key": of.key,
        "alias": of.key,
        "name": of.name,
        "type": of.kind,
        "status": of.status,
        "_expandable": {"settings": "", "metadata": "", "icon": "", "theme": "", "history": ""},
        "_links": {"webui": urls.space_url(of), "self": f"{call.site.base_url}/rest/api/space/{of.key}"},
    }
    home = call.visible(of.homepage_id) if of.homepage_id is not None else None
    offered: dict[str, Callable[[], Any]] = {
        "homepage": lambda: content(call, home, {}) if home is not None else None,
        "description": lambda: {"plain": {"value": of.description, "representation": "plain", "embeddedContent": []}},
        "permissions": lambda: permissions(call, of),
    }
    return _expanded(shape, offered, expand)


def permissions(call: Call, of: Space) -> list[Json]:
    """The grants of a space, one entry each; entries without subjects are anonymous or unlicensed access."""
    entries = []
    for grant in of.grants.values():
        kind, named = grant.principal.kind, grant.principal.id
        entry: Json = {
            "id": int(grant.id),
            "operation": {"operation": grant.operation, "targetType": grant.target},
            "anonymousAccess": kind is PrincipalKind.ANONYMOUS,
            "unlicensedAccess": kind is PrincipalKind.UNLICENSED,
        }
        if kind is PrincipalKind.USER:
            entry["subjects"] = {"user": {"results": [person(call, named)], "size": 1}, "_expandable": {"group": ""}}
        elif kind is PrincipalKind.GROUP:
            entry["subjects"] = {"group": _groups(call, [named]), "_expandable": {"user": ""}}
        elif kind in (PrincipalKind.ACCESS_CLASS, PrincipalKind.ROLE):
            continue
        entries.append(entry)
    return entries


def _groups(call: Call, ids: list[str]) -> Json:
    found = [group(call, call.site.groups[group_id]) for group_id in ids if group_id in call.site.groups]
    return {"results": found, "size": len(found)}


def labels(call: Call, of: Content) -> Json:
    """The labels of a content."""
    rows = [{"prefix": known.prefix, "name": known.name, "id": known.id, "label": known.name} for known in of.labels]
    url = f"{call.site.base_url}/rest/api/content/{of.id}/label"
    return {
        "results": rows[:NESTED_LIMIT],
        "start": 0,
        "limit": NESTED_LIMIT,
        "size": min(len(rows), NESTED_LIMIT),
        "_links": {"self": url},
    }


def restriction(
    call: Call, of: Content, operation: str, expand: Expand, window: tuple[int, int] = (0, NESTED_LIMIT)
) -> Json:
    """The direct restriction of one operation; `window` is (start, limit) in both of its lists."""
    rule = of.readers if operation == "read" else of.editors
    shown = rule or Restriction()
    start, limit = window
    url = f"{call.site.base_url}/rest/api/content/{of.id}/restriction/byOperation/{operation}"

    def part(rows: list[Json]) -> Json:
        return {"results": rows, "start": start, "limit": limit, "size": len(rows)}

    wanted = expand.get("restrictions", {})
    lists: dict[str, Callable[[], Any]] = {
        "user": lambda: part([person(call, named) for named in shown.users[start : start + limit]]),
        "group": lambda: part(_groups(call, shown.groups[start : start + limit])["results"]),
    }
    shape: Json = {"operation": operation, "_expandable": {"content": f"/rest/api/content/{of.id}"}}
    if "restrictions" in expand:
        shape["restrictions"] = _expanded({"_expandable": {}}, lists, wanted)
    else:
        shape["_expandable"]["restrictions"] = ""
    return {**shape, "_links": {"self": url}}


def _restrictions(call: Call, of: Content, expand: Expand) -> Json:
    url = f"{call.site.base_url}/rest/api/content/{of.id}/restriction/byOperation"
    offered: dict[str, Callable[[], Any]] = {
        operation: lambda operation=operation: restriction(call, of, operation, expand[operation])  # type: ignore[misc]  # mypy cannot type a lambda's default
        for operation in ("read", "update")
    }
    return {**_expanded({"_expandable": {}}, offered, expand), "_links": {"self": url}}


def _body(of: Content, expand: Expand) -> Json:
    shape: Json = {"_expandable": {}}
    for name in BODIES:
        if name in expand:
            value = of.version.adf if name == "atlas_doc_format" else of.body
            shape[name] = {
                "value": value,
                "representation": name,
                "embeddedContent": [],
                "_expandable": {"content": ""},
            }
        else:
            shape["_expandable"][name] = ""
    return shape


def _expanded(shape: Json, offered: dict[str, Callable[[], Any]], expand: Expand) -> Json:
    for name, make in offered.items():
        if name in expand:
            shape[name] = make()
        else:
            shape["_expandable"][name] = ""
    return shape


def content(call: Call, of: Content, expand: Expand) -> Json:
    """A content of any kind."""
    url = f"{call.site.base_url}/rest/api/content/{of.id}"
    web = urls.web_url(call.site, of)
    shape: Json = {
        "id": of.id,
        "type": of.kind,
        "status": of.status,
        "title": of.title,
        "macroRenderedOutput": {},
        "extensions": _extensions(of),
        "_expandable": {"childTypes": "", "operations": "", "children": "", "descendants": ""},
        "_links": {"self": url, "webui": web, "tinyui": urls.tiny_url(of)},
    }
    if of.kind is Kind.ATTACHMENT:
        shape["_links"]["download"] = urls.old_download_url(of)
    return _expanded(shape, _offered(call, of, expand), expand)


def _offered(call: Call, of: Content, expand: Expand) -> dict[str, Callable[[], Any]]:
    def metadata() -> Json:
        told: Json = {"mediaType": of.file.media_type} if of.kind is Kind.ATTACHMENT else {}
        return _expanded({**told, "_expandable": {}}, {"labels": lambda: labels(call, of)}, expand["metadata"])

    def container() -> Json:
        holder = call.site.contents.get(of.container_id or "")
        return content(call, holder, {}) if holder is not None else space(call, call.site.spaces[of.space_id], {})

    return {
        "space": lambda: space(call, call.site.spaces[of.space_id], expand["space"]),
        "version": lambda: version(call, of.version),
        "history": lambda: history(call, of, expand["history"]),
        "ancestors": lambda: [content(call, above, expand["ancestors"]) for above in call.site.ancestors(of)],
        "body": lambda: _body(of, expand["body"]),
        "metadata": metadata,
        "container": container,
        "restrictions": lambda: _restrictions(call, of, expand["restrictions"]),
    }


def _extensions(of: Content) -> Json:
    if of.kind is Kind.ATTACHMENT:
        file = of.file
        return {
            "mediaType": file.media_type,
            "fileSize": len(file.data),
            "comment": file.comment,
            "fileId": file.file_id,
            "collectionName": f"contentId-{of.container_id}",
        }
    if of.kind is Kind.COMMENT:
        remark = of.remark
        if remark is None or not remark.inline:
            return {"location": "footer"}
        properties = {"markerRef": remark.marker_ref, "originalSelection": remark.selection}
        location = "resolved" if remark.resolution == "resolved" else "inline"
        return {"location": location, "resolution": {"status": remark.resolution}, "inlineProperties": properties}
    return {"position": of.position}
