"""Pages and blog posts of v2: lists of the site and of a space, one by id, their labels and versions."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from confluence_emulator.cloud import refusals
from confluence_emulator.cloud.call import Call, among, answer
from confluence_emulator.cloud.gate import Endpoint
from confluence_emulator.cloud.v2 import shapes
from confluence_emulator.cloud.v2.paging import content_page, numbered, page_of, sort_of
from confluence_emulator.state import Content, Kind, Space, Version

LIST_FORMATS = ("storage", "atlas_doc_format")
SINGLE_FORMATS = (*LIST_FORMATS, "view", "export_view", "anonymous_export_view", "styled_view", "editor")
DATES = ("id", "created-date", "modified-date")
MAX_IDS = {"id": 250, "space-id": 100}


@dataclass(frozen=True)
class Listed:
    """How a kind is listed: statuses shown unasked, statuses that may be asked for, and fields to sort by."""

    kind: Kind
    noun: str
    default: tuple[str, ...]
    accepted: tuple[str, ...]
    sorts: tuple[str, ...]
    shape: Callable[..., shapes.Json]


PAGES = Listed(
    Kind.PAGE,
    "page",
    ("current", "archived"),
    ("current", "archived", "deleted", "trashed"),
    (*DATES, "title"),
    shapes.page,
)
BLOGPOSTS = Listed(Kind.BLOGPOST, "blog post", ("current",), ("current", "deleted", "trashed"), DATES, shapes.blogpost)


def body_format(call: Call, allowed: tuple[str, ...] = LIST_FORMATS) -> str:
    """The representation asked for, empty for none; lists know fewer of them than single objects."""
    given = call.one("body-format")
    wrong = among("body-format", [given] if given else [], allowed)
    if wrong:
        raise refusals.v2(400, wrong)
    return given


def statuses(call: Call, default: tuple[str, ...], accepted: tuple[str, ...]) -> frozenset[str]:
    """The statuses asked for."""
    given = call.many("status")
    wrong = among("status", given, accepted)
    if wrong:
        raise refusals.v2(400, wrong)
    return frozenset(given or default)


def ids_of(call: Call, name: str, cap: int = 250) -> frozenset[str] | None:
    """A list of ids to narrow down to, or None; too many are refused."""
    given = call.many(name)
    if len(given) > cap:
        raise refusals.v2(400, f"{name} must not have more than {cap} values")
    return frozenset(given) if call.has(name) else None


def _filter(call: Call, listed: Listed) -> Callable[[Content], bool]:
    wanted = statuses(call, listed.default, listed.accepted)
    ids, spaces = ids_of(call, "id"), ids_of(call, "space-id", MAX_IDS["space-id"])
    title = call.one("title").casefold() if call.has("title") else None
    subtype = call.one("subtype")

    def keep(content: Content) -> bool:
        return (
            content.status in wanted
            and (ids is None or content.id in ids)
            and (spaces is None or content.space_id in spaces)
            and (title is None or (title != "" and content.title.casefold() == title))
            and (not subtype or (content.subtype or "page") == subtype)
        )

    return keep


def _listing(call: Call, listed: Listed, space: Space | None = None) -> Response:
    sort = sort_of(call, listed.sorts, "id")
    representation = body_format(call)
    keep = _filter(call, listed)
    if space is not None and call.one("depth") == "root":
        return _few(call, listed, [c for c in call.site.roots(space.id) if keep(c)], sort)
    ids = ids_of(call, "id")
    if ids is not None and space is None:
        found = [call.site.contents[i] for i in ids if i in call.site.contents]
        return _few(call, listed, [c for c in found if c.kind is listed.kind and keep(c)], sort)
    only = call.many("space-id")
    space_id = space.id if space is not None else only[0] if len(only) == 1 else ""
    return content_page(
        call, listed.kind, keep, lambda c: listed.shape(call, c, representation), sort=sort, space_id=space_id
    )


def _few(call: Call, listed: Listed, found: list[Content], sort: tuple[str, bool]) -> Response:
    representation = body_format(call)
    seen = [c for c in found if c.kind is listed.kind and call.sight.content(c)]
    field, descending = sort
    return page_of(
        call,
        seen,
        lambda c: listed.shape(call, c, representation),
        lambda c: call.site.sort_key(c, field),
        descending=descending,
        dated=field.endswith("-date"),
    )


def space_of(call: Call) -> Space:
    """The space that the path names, if the caller may view it."""
    space = call.site.spaces.get(call.part("id"))
    if space is None or not call.sight.space(space):
        raise refusals.v2(404, f"Cannot find a space with id [{call.part('id')}]")
    return space


def content_of(call: Call, kind: Kind, noun: str, name: str = "id") -> Content:
    """The content that the path names, if it is of this kind and the caller may view it."""
    content_id = call.part(name)
    if content_id in call.site.purged:
        raise refusals.bare_not_found()
    content = call.visible(content_id)
    if content is None or content.kind is not kind:
        raise refusals.v2(404, f"Cannot find a {noun} with id [{content_id}]")
    return content


def _single(call: Call, listed: Listed) -> Response:
    representation = body_format(call, SINGLE_FORMATS)
    content = content_of(call, listed.kind, listed.noun)
    accepted = (*listed.accepted, "archived", "historical", "draft")
    asked = statuses(call, accepted, accepted)
    draft = content.status == "draft" and call.one("get-draft") != "true" and "draft" not in call.many("status")
    if content.status not in asked or draft:
        raise refusals.v2(404, f"Cannot find a {listed.noun} with id [{content.id}]")
    shape = listed.shape(call, content, representation, _version(call, content, listed))
    if call.one("include-labels") == "true":
        first = [shapes.label(known) for known in content.labels[:50]]
        shape["labels"] = {"results": first, "meta": {"hasMore": len(content.labels) > len(first)}, "_links": {}}
    return answer(shapes.single(call, shape))


def _version(call: Call, content: Content, listed: Listed) -> Version:
    number = call.one("version")
    if not number:
        return content.version
    found = next((known for known in content.versions if str(known.number) == number), None)
    if found is None:
        raise refusals.v2(404, f"Cannot find version [{number}] of the {listed.noun} with id [{content.id}]")
    return found


def pages(call: Call) -> Response:
    """All pages; archived ones too unless `status` says otherwise."""
    return _listing(call, PAGES)


def space_pages(call: Call) -> Response:
    """The pages of a space; `depth=root` for those at the top."""
    return _listing(call, PAGES, space_of(call))


def page(call: Call) -> Response:
    """One page, trashed ones included."""
    return _single(call, PAGES)


def blogposts(call: Call) -> Response:
    """All blog posts."""
    return _listing(call, BLOGPOSTS)


def space_blogposts(call: Call) -> Response:
    """The blog posts of a space."""
    return _listing(call, BLOGPOSTS, space_of(call))


def blogpost(call: Call) -> Response:
    """One blog post."""
    return _single(call, BLOGPOSTS)


def _labels(kind: Kind, noun: str) -> Callable[[Call], Response]:
    def labels(call: Call) -> Response:
        content = content_of(call, kind, noun)
        prefix = call.one("prefix")
        return numbered(call, [known for known in content.labels if prefix in ("", known.prefix)], shapes.label)

    return labels


def _versions(kind: Kind, noun: str, field: str) -> Callable[[Call], Response]:
    def versions(call: Call) -> Response:
        content = content_of(call, kind, noun)
        representation = body_format(call)
        _, descending = sort_of(call, ("modified-date",), "-modified-date")

        def shape(of: Version) -> shapes.Json:
            named = {"id": content.id, "title": of.title, "body": shapes.body(of, representation)}
            return {**shapes.version(of), field: named}

        return page_of(call, content.versions, shape, lambda of: (of.number, 0), descending=descending)

    return versions


def _labelled(listed: Listed) -> Callable[[Call], Response]:
    def labelled(call: Call) -> Response:
        representation = body_format(call)
        label_id = call.part("id")
        return content_page(
            call,
            listed.kind,
            lambda c: c.status in listed.default and any(known.id == label_id for known in c.labels),
            lambda c: listed.shape(call, c, representation),
            sort=sort_of(call, listed.sorts, "id"),
        )

    return labelled


_READ = ("read:page:confluence",)
ENDPOINTS = (
    Endpoint("/api/v2/pages", pages, _READ),
    Endpoint("/api/v2/pages/{id}", page, _READ),
    Endpoint("/api/v2/pages/{id}/labels", _labels(Kind.PAGE, "page"), _READ),
    Endpoint("/api/v2/pages/{id}/versions", _versions(Kind.PAGE, "page", "page"), _READ),
    Endpoint("/api/v2/spaces/{id}/pages", space_pages, _READ),
    Endpoint("/api/v2/blogposts", blogposts, _READ),
    Endpoint("/api/v2/blogposts/{id}", blogpost, _READ),
    Endpoint("/api/v2/blogposts/{id}/labels", _labels(Kind.BLOGPOST, "blog post"), _READ),
    Endpoint("/api/v2/blogposts/{id}/versions", _versions(Kind.BLOGPOST, "blog post", "blogpost"), _READ),
    Endpoint("/api/v2/spaces/{id}/blogposts", space_blogposts, _READ),
    Endpoint(
        "/api/v2/attachments/{id}/labels", _labels(Kind.ATTACHMENT, "attachment"), ("read:attachment:confluence",)
    ),
    Endpoint("/api/v2/labels/{id}/pages", _labelled(PAGES), _READ),
    Endpoint("/api/v2/labels/{id}/blogposts", _labelled(BLOGPOSTS), _READ),
)
