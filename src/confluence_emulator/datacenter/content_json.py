"""One content as Data Center writes it, with the branches of `expand` that were asked for.

Only `body.storage` is served: rendered bodies would need Confluence's renderer.
"""

from collections.abc import Callable, Sequence

from confluence_emulator.datacenter.bodies import stored_body
from confluence_emulator.datacenter.callers import Caller, Json
from confluence_emulator.datacenter.expansion import Expand, expandable
from confluence_emulator.datacenter.restrictions import restrictions_json
from confluence_emulator.datacenter.shapes import (
    bare_json,
    content_expandables,
    label_json,
    nested_page,
    outline_json,
    person_json,
    space_json,
    version_json,
)
from confluence_emulator.state import Content, Kind, Status
from confluence_emulator.state.contents import TREE_KINDS

NESTED_LIMIT = 25
LABEL_LIMIT = 200


def content_json(content: Content, caller: Caller, expand: Expand) -> Json:
    """A content with what is expanded; everything else stands in `_expandable` with the link to read it."""
    if not expand.branches and content.kind in TREE_KINDS:
        return bare_json(content, caller)
    answer = outline_json(content, caller)
    answer["extensions"] = _extensions(content, caller, expand["extensions"])
    answer.update(
        {name: BRANCHES[name](content, caller, below) for name, below in expand.branches.items() if name in BRANCHES}
    )
    answer["_expandable"] = expandable(expand, content_expandables(content, caller))
    return answer


def single_json(content: Content, caller: Caller, expand: Expand) -> Json:
    """The same for an answer of its own: `_links` say base and context too."""
    answer = content_json(content, caller, expand)
    installation = caller.installation
    links = answer["_links"]
    shown = dict(links) if isinstance(links, dict) else {}
    return {**answer, "_links": {**shown, "base": installation.base_url, "context": installation.context}}


def history_json(content: Content, caller: Caller, expand: Expand) -> Json:
    """Who made it and when; its versions before and last where expanded."""
    own = f"/rest/api/content/{content.id}"
    versions = content.versions
    answer: Json = {
        "latest": True,
        "createdBy": person_json(content.author_id, caller),
        "createdDate": caller.when(content.created_at),
    }
    if "lastUpdated" in expand:
        answer["lastUpdated"] = version_json(content.version, content, caller)
    if "previousVersion" in expand and len(versions) > 1:
        answer["previousVersion"] = version_json(versions[-2], content, caller)
    if "contributors" in expand:
        authors = dict.fromkeys(version.author_id for version in versions)
        answer["contributors"] = {"publishers": {"users": [person_json(author, caller) for author in authors]}}
    answer["_links"] = {"self": f"{caller.installation.base_url}{own}/history"}
    links = {"lastUpdated": "", "previousVersion": "", "contributors": "", "nextVersion": ""}
    answer["_expandable"] = expandable(expand, links)
    return answer


def child_pages(content: Content, caller: Caller) -> list[Content]:
    """The pages directly below a content that the caller may view, by position."""
    return [
        each for each in caller.site.children(content.id) if each.kind is not Kind.COMMENT and _listed(each, caller)
    ]


def contained(content: Content, kind: Kind, caller: Caller) -> list[Content]:
    """The current comments or attachments of a content."""
    return [each for each in caller.site.contained(content.id, kind) if _listed(each, caller)]


def root_comments(content: Content, caller: Caller) -> list[Content]:
    """The comments of a content that answer no other comment."""
    return [each for each in contained(content, Kind.COMMENT, caller) if each.parent_id is None]


def children_json(content: Content, caller: Caller, expand: Expand) -> Json:
    """The first children of each expanded kind; `children.comment` has root comments only."""
    link = f"{caller.installation.base_url}/rest/api/content/{content.id}/child"
    answer: Json = {}
    for name, find in CHILDREN.items():
        if name in expand:
            found = find(content, caller)
            rows = [content_json(each, caller, expand[name]) for each in found[:NESTED_LIMIT]]
            answer[name] = nested_page(rows, f"{link}/{name}", limit=NESTED_LIMIT, total=len(found))
    paths = {name: f"/rest/api/content/{content.id}/child/{name}" for name in CHILDREN}
    return {**answer, "_links": {"self": link}, "_expandable": expandable(expand, paths)}


def _listed(content: Content, caller: Caller) -> bool:
    return content.status is Status.CURRENT and caller.sees(content)


def _extensions(content: Content, caller: Caller, expand: Expand) -> Json:
    if content.kind is Kind.ATTACHMENT:
        file = content.file
        return {"mediaType": file.media_type, "fileSize": len(file.data), "comment": file.comment}
    remark = content.remark
    if content.kind is not Kind.COMMENT or remark is None:
        return {"position": "none" if content.kind is Kind.BLOGPOST else content.position}
    shown: Json = {"location": "inline" if remark.inline else "footer"}
    if remark.inline and "inlineProperties" in expand:
        shown["inlineProperties"] = {"originalSelection": remark.selection, "markerRef": remark.marker_ref}
    if "resolution" in expand:
        resolution: Json = {"status": remark.resolution or "open"}
        if remark.resolved_at is not None:
            resolution["lastModifier"] = person_json(remark.resolved_by, caller)
            resolution["lastModifiedDate"] = caller.when(remark.resolved_at)
        shown["resolution"] = resolution
    shown["_expandable"] = expandable(expand, {"inlineProperties": "", "resolution": ""})
    return shown


def _body(content: Content, caller: Caller, expand: Expand) -> Json:
    kinds = ("storage", "view", "export_view", "styled_view", "editor", "anonymous_export_view")
    answer: Json = {}
    if "storage" in expand:
        answer["storage"] = {
            "value": stored_body(content, caller),
            "representation": "storage",
            "_expandable": {"content": f"/rest/api/content/{content.id}"},
        }
    return {**answer, "_expandable": {kind: "" for kind in kinds if kind not in answer}}


def _version(content: Content, caller: Caller, _: Expand) -> Json:
    return version_json(content.version, content, caller)


def _space(content: Content, caller: Caller, expand: Expand) -> Json:
    return space_json(caller.site.spaces[content.space_id], caller, expand)


def _ancestors(content: Content, caller: Caller, expand: Expand) -> Sequence[Json]:
    """From the top down, also those that the caller may not view; for a reply, the comments it answers."""
    above = caller.site.ancestors(content)
    if content.kind is Kind.COMMENT:
        answered = content
        while answered.parent_id is not None and answered.parent_id in caller.site.contents:
            answered = caller.site.contents[answered.parent_id]
            above.insert(0, answered)
    return [content_json(each, caller, expand) for each in above]


def _container(content: Content, caller: Caller, expand: Expand) -> Json:
    holder = caller.site.contents.get(content.container_id) if content.container_id is not None else None
    return content_json(holder, caller, expand) if holder is not None else _space(content, caller, expand)


def _metadata(content: Content, caller: Caller, expand: Expand) -> Json:
    answer: Json = {}
    if content.kind is Kind.ATTACHMENT:
        answer = {"mediaType": content.file.media_type, "comment": content.file.comment}
    if "labels" in expand:
        rows = [label_json(label) for label in content.labels[:LABEL_LIMIT]]
        link = f"{caller.installation.base_url}/rest/api/content/{content.id}/label"
        answer["labels"] = nested_page(rows, link, limit=LABEL_LIMIT, total=len(content.labels))
    return {**answer, "_expandable": expandable(expand, {"labels": "", "properties": "", "currentuser": ""})}


BRANCHES: dict[str, Callable[[Content, Caller, Expand], object]] = {
    "space": _space,
    "container": _container,
    "history": history_json,
    "version": _version,
    "ancestors": _ancestors,
    "body": _body,
    "metadata": _metadata,
    "restrictions": restrictions_json,
    "children": children_json,
}

CHILDREN: dict[str, Callable[[Content, Caller], list[Content]]] = {
    "page": child_pages,
    "comment": root_comments,
    "attachment": lambda content, caller: contained(content, Kind.ATTACHMENT, caller),
}
