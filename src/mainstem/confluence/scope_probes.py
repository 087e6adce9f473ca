"""Asks which scopes a token has: the gateway looks at them before it looks for what is asked for."""

from collections.abc import Mapping, Sequence

from mainstem.confluence.errors import Gone, ScopeMissing
from mainstem.confluence.http import Http
from mainstem.confluence.pacing import together
from mainstem.confluence.scopes import scope_for
from mainstem.errors import SkipItem

PROBES: Mapping[str, Sequence[str]] = {
    "the sign-in, and people's names": ("/rest/api/user?accountId=0",),
    "spaces, pages and blog posts": ("/api/v2/spaces?ids=0", "/api/v2/pages?id=0"),
    "comments": ("/api/v2/footer-comments?limit=1",),
    "files": ("/api/v2/attachments?limit=1", "/rest/api/content/0/child/attachment/0/download"),
    "folders, whiteboards, databases and smart links": (
        "/api/v2/folders/0",
        "/api/v2/whiteboards/0",
        "/api/v2/databases/0",
        "/api/v2/embeds/0",
    ),
    "restrictions of pages": (
        "/rest/api/content/search?cql=id=0",
        "/rest/api/content/0/restriction/byOperation/read",
    ),
    "who may view a space": ("/api/v2/spaces/0/role-assignments", "/api/v2/space-role-mode"),
    "people and groups": ("/api/v2/users-bulk", "/rest/api/group?limit=1"),
}
"""What each feature asks of Confluence, for ids that nothing has or for one row."""


async def lacking(http: Http) -> Mapping[str, Sequence[str]]:
    """The scopes that a token lacks, by what needs them. Raises RetryLater and StopRun errors but ScopeMissing."""
    asked = [(feature, link) for feature, links in PROBES.items() for link in links]
    held = await together(_holds(http, link) for _, link in asked)
    lacks: dict[str, list[str]] = {}
    for (feature, link), holds in zip(asked, held, strict=True):
        if not holds:
            lacks.setdefault(feature, []).append(scope_for(link) or link)
    return lacks


async def _holds(http: Http, link: str) -> bool:
    try:
        await (http.post(link, {"accountIds": []}) if link.endswith("-bulk") else http.get(link))
    except ScopeMissing:
        return False
    except (SkipItem, Gone):
        return True
    return True
