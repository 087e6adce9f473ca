"""GET search and content/search: CQL with offset paging, and rows as Data Center writes them."""

from starlette.requests import Request

from confluence_emulator.cql import CqlError, SearchResult
from confluence_emulator.cql.fields import Subject, modified_at, title_of
from confluence_emulator.datacenter.callers import Caller, Json
from confluence_emulator.datacenter.content_json import content_json
from confluence_emulator.datacenter.contents import content_page, expand_of
from confluence_emulator.datacenter.paging import offset_page
from confluence_emulator.datacenter.refusals import EXCEPTIONS, Refused
from confluence_emulator.datacenter.shapes import space_json, webui
from confluence_emulator.state import Space


def search_contents(request: Request, caller: Caller) -> Json:
    """GET content/search: contents alone; the limit is lowered to 1000, 200 with `expand`, 50 with a body."""
    hits = _found(request, caller).contents
    return {**content_page(request, caller, hits), **_summary(request, len(hits))}


def search(request: Request, caller: Caller) -> Json:
    """GET search: rows around contents and spaces; `expand` names start with `content.` or `space.`."""
    expand = expand_of(request)

    def row(hit: Subject) -> Json:
        space = hit if isinstance(hit, Space) else caller.site.spaces[hit.space_id]
        where = f"/display/{space.key}"
        entity = (
            {"space": space_json(hit, caller, expand["space"])}
            if isinstance(hit, Space)
            else {"content": content_json(hit, caller, expand["content"])}
        )
        return {
            **entity,
            "title": title_of(hit),
            "excerpt": "",
            "url": where if isinstance(hit, Space) else webui(hit, caller),
            "resultGlobalContainer": {"title": space.name, "displayUrl": where},
            "entityType": next(iter(entity)),
            "iconCssClass": "aui-icon content-type-space" if isinstance(hit, Space) else "aui-icon content-type-page",
            "lastModified": caller.when(modified_at(hit)),
            "friendlyLastModified": f"{modified_at(hit):%b %d, %Y}",
            "timestamp": int(modified_at(hit).timestamp() * 1000),
        }

    result = _found(request, caller)
    answer = offset_page(request, caller, result.hits, row, cap=expand["content"].cap)
    return {**answer, **_summary(request, len(result.hits))}


def _summary(request: Request, total: int) -> Json:
    return {"totalSize": total, "cqlQuery": request.query_params["cql"], "searchDuration": 7}


def _found(request: Request, caller: Caller) -> SearchResult:
    text = request.query_params.get("cql")
    if not text:
        raise Refused(400, f"{EXCEPTIONS}.BadRequestException: cql is a required query parameter")
    try:
        return caller.installation.index.search(
            text,
            viewer=caller.user,
            now=caller.site.now(),
            bypass=caller.sight.bypass,
            pages_only=True,
            archived_spaces=request.query_params.get("includeArchivedSpaces") == "true",
        )
    except CqlError as error:
        raise Refused(400, f"{EXCEPTIONS}.BadRequestException: Could not parse cql : {text} ({error})") from error
