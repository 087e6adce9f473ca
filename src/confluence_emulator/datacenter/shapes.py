"""Accounts, groups, spaces, labels and versions as Data Center writes them."""

import base64
from collections.abc import Sequence
from urllib.parse import quote, quote_plus

from confluence_emulator.datacenter.callers import Caller, Json
from confluence_emulator.datacenter.expansion import Expand, expandable
from confluence_emulator.state import Content, Group, Kind, Label, Space, User, Version

READABLE_PATHS_SINCE = (9, 0)
PICTURE = {"path": "/images/icons/profilepics/default.svg", "width": 48, "height": 48, "isDefault": True}
ANONYMOUS: Json = {"type": "anonymous", "profilePicture": PICTURE, "displayName": "Anonymous"}


def user_json(user: User, caller: Caller, expand: Expand | None = None) -> Json:
    """A known account: username and userKey, no e-mail address; whether it is deactivated only when asked for."""
    told = caller.installation.quirks.statuses_told
    asked = expand is not None and "status" in expand
    return {
        "type": "known",
        "username": user.username,
        "userKey": user.user_key,
        "profilePicture": PICTURE,
        "displayName": user.display_name,
        "_links": {"self": f"{caller.installation.base_url}/rest/api/user?key={user.user_key}"},
        **({"status": "current" if user.active else "deactivated"} if told and asked else {}),
        "_expandable": {"status": ""} if told and not asked else {},
    }


def person_json(account_id: str | None, caller: Caller) -> Json:
    """Whoever did something: an account, one that is gone, or an anonymous visitor."""
    if account_id is None:
        return dict(ANONYMOUS)
    user = caller.site.users.get(account_id)
    if user is not None:
        return user_json(user, caller)
    return {
        "type": "unknown",
        "profilePicture": PICTURE,
        "displayName": f"Unknown User ({account_id})",
        "userKey": account_id,
    }


def group_json(group: Group, caller: Caller) -> Json:
    """A group: it has a name and no id."""
    self_link = f"{caller.installation.base_url}/rest/api/group/{quote(group.name, safe='')}"
    return {"type": "group", "name": group.name, "_links": {"self": self_link}}


def label_json(label: Label) -> Json:
    """A label."""
    return {"prefix": label.prefix, "name": label.name, "id": label.id, "label": label.name}


def version_json(version: Version, content: Content, caller: Caller) -> Json:
    """One version of a content; `when` has the server's offset."""
    return {
        "by": person_json(version.author_id, caller),
        "when": caller.when(version.created_at),
        "message": version.message,
        "number": version.number,
        "minorEdit": version.minor,
        "hidden": False,
        "_links": {
            "self": f"{caller.installation.base_url}/rest/experimental/content/{content.id}/version/{version.number}"
        },
        "_expandable": {"content": f"/rest/api/content/{content.id}"},
    }


def space_json(space: Space, caller: Caller, expand: Expand) -> Json:
    """A space: its id is a number. Data Center knows global and personal ones."""
    answer: Json = {
        "id": space.number,
        "key": space.key,
        "name": space.name,
        "status": str(space.status),
        "type": "personal" if space.kind == "personal" else "global",
    }
    if "description" in expand:
        answer["description"] = {
            "plain": {"value": space.description, "representation": "plain", "embeddedContent": []}
        }
    if "homepage" in expand and space.homepage_id is not None:
        home = caller.site.contents.get(space.homepage_id)
        answer["homepage"] = bare_json(home, caller) if home is not None and caller.sees(home) else None
    home_link = f"/rest/api/content/{space.homepage_id}" if space.homepage_id else ""
    answer["_links"] = {
        "webui": f"/spaces/viewspace.action?key={quote_plus(space.key)}"
        if space.kind == "personal"
        else f"/display/{space.key}",
        "self": f"{caller.installation.base_url}/rest/api/space/{quote(space.key, safe='')}",
    }
    links = {"metadata": "", "icon": "", "description": "", "retentionPolicy": "", "homepage": home_link}
    answer["_expandable"] = expandable(expand, links)
    return answer


def type_of(content: Content) -> str:
    """The type on Data Center, whose tree holds pages alone: folders and their like appear as pages without a body."""
    return str(content.kind) if content.kind in (Kind.BLOGPOST, Kind.COMMENT, Kind.ATTACHMENT) else "page"


def bare_json(content: Content, caller: Caller) -> Json:
    """A content with nothing expanded: what stands in ancestors, homepages and containers."""
    known = caller.drawn.get(content.id)
    if known is None:
        expandables = content_expandables(content, caller)
        known = caller.drawn[content.id] = {**outline_json(content, caller), "_expandable": expandables}
    return known


def outline_json(content: Content, caller: Caller) -> Json:
    """What every form of a content begins with."""
    answer: Json = {
        "id": content.id,
        "type": type_of(content),
        "status": str(content.status),
        "title": content.title,
    }
    if answer["type"] == "page":
        answer["position"] = content.position
    return {**answer, "extensions": {"position": "none"}, "_links": content_links(content, caller)}


def content_links(content: Content, caller: Caller) -> Json:
    """Where people open it, and where an attachment's file is; relative to `_links.base`."""
    links: Json = {"webui": webui(content, caller), "tinyui": f"/x/{tiny(content.number)}"}
    if content.kind is Kind.ATTACHMENT:
        stamp = int(content.modified_at.timestamp() * 1000)
        query = f"version={content.version.number}&modificationDate={stamp}&api=v2"
        links["download"] = f"/download/attachments/{content.container_id}/{quote(content.title, safe='')}?{query}"
        links["thumbnail"] = f"/download/thumbnails/{content.container_id}/{quote(content.title, safe='')}?api=v2"
    links["self"] = f"{caller.installation.base_url}/rest/api/content/{content.id}"
    return links


def webui(content: Content, caller: Caller) -> str:
    """The path people open: by title where the title is plain, by id otherwise; 9.0 has readable paths with the id."""
    site = caller.site
    key = _key(content, caller)
    if content.kind is Kind.ATTACHMENT:
        return f"/pages/viewpageattachments.action?pageId={content.container_id}"
    if content.kind is Kind.COMMENT:
        container = site.contents.get(content.container_id or "")
        where = webui(container, caller) if container is not None else f"/display/{key}"
        return f"{where}{'&' if '?' in where else '?'}focusedCommentId={content.id}#comment-{content.id}"
    slug = quote_plus(content.title)
    if caller.installation.release >= READABLE_PATHS_SINCE and content.kind is not Kind.BLOGPOST:
        return f"/spaces/{key}/pages/{content.id}/{slug}"
    if slug.replace("+", "").replace("-", "").isalnum() and content.title.isascii():
        day = f"{content.created_at.astimezone(caller.installation.zone):%Y/%m/%d}/"
        return f"/display/{key}/{day if content.kind is Kind.BLOGPOST else ''}{slug}"
    return f"/pages/viewpage.action?pageId={content.id}"


def _key(content: Content, caller: Caller) -> str:
    space = caller.site.spaces.get(content.space_id)
    return space.key if space is not None else ""


def tiny(number: int) -> str:
    """The short form of an id in `/x/` links."""
    raw = number.to_bytes(8, "little").rstrip(b"\0")
    return base64.b64encode(raw).decode().rstrip("=").replace("/", "-").replace("+", "_")


def content_expandables(content: Content, caller: Caller) -> dict[str, str]:
    """Every property of a content that can be expanded, and where else it can be read."""
    own = f"/rest/api/content/{content.id}"
    space = f"/rest/api/space/{quote(_key(content, caller), safe='')}"
    return {
        "container": f"/rest/api/content/{content.container_id}" if content.container_id else space,
        "metadata": "",
        "operations": "",
        "children": f"{own}/child",
        "restrictions": f"{own}/restriction/byOperation",
        "history": f"{own}/history",
        "ancestors": "",
        "body": "",
        "version": "",
        "descendants": f"{own}/descendant",
        "space": space,
    }


def nested_page(rows: Sequence[object], link: str, *, limit: int, total: int) -> Json:
    """A listing inside an object: its first rows, and a link to the next ones where there are more."""
    links = {"self": link}
    if total > len(rows):
        links["next"] = f"{link}?limit={limit}&start={limit}"
    return {"results": list(rows), "start": 0, "limit": limit, "size": len(rows), "_links": links}
