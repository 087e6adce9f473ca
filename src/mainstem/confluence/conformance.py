"""What a site shows of itself when it is only read: a report to send on, which names nothing and nobody in it.

Addresses, keys, titles, names and texts stay behind. Of a route only those words are kept that are Confluence's own, of
sizes their order, of errors their kind; so what this project never met becomes something it can learn from.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx

from mainstem.confluence.checks import State, run_checks
from mainstem.confluence.client import Confluence
from mainstem.confluence.credentials import Credential
from mainstem.confluence.opening import Line, open_client
from mainstem.errors import MainstemError
from mainstem.wiki.content import Content, Deployment, Kind, Space

FORM: Final = 1
"""Raised when the report says something else by the same name."""

ANSWERS: Final = 3
"""Answers taken of each listing of one space, the largest: enough for what a site does, and soon done."""

KINDS: Final = (Kind.PAGE, Kind.BLOGPOST, Kind.COMMENT, Kind.ATTACHMENT)

OWN_WORDS: Final = frozenset(Path(__file__).with_name("own_words.txt").read_text(encoding="utf-8").split())
"""Segments of addresses that are the same on every site."""

TELLING: Final = (
    "retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-nearlimit",
    "x-ratelimit-interval-seconds", "x-ratelimit-fillrate", "deprecation", "sunset", "x-seraph-loginreason",
    "x-authentication-denied-reason", "beta-ratelimit-policy", "ratelimit-reason",
)  # fmt: skip
"""Headers that say how a site wants to be asked. Their names are kept, and not what they say."""

_MACRO = re.compile(r'<ac:(?:structured-)?macro\b[^>]*\bac:name="([^"]*)"')


def route(url: httpx.URL) -> str:
    """An address without what is a site's own: its host, what stands before its interface, ids, keys and names."""
    words = [word if word in OWN_WORDS else "{}" for word in url.path.split("/") if word]
    begins = next((at for at, word in enumerate(words) if word in {"_edge", "rest", "api", "rpc", "download"}), None)
    return "/" + "/".join(words[begins:]) if begins is not None else "{}"


def magnitude(number: int) -> str:
    """About how many, as `0`, `1-9`, `10-99` and so on."""
    return f"{10 ** (len(str(number)) - 1)}-{10 ** len(str(number)) - 1}" if number else "0"


@dataclass(slots=True)
class Routes:
    """What was asked, by method and route: how it was answered, and how long that took."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    limits: dict[str, set[int]] = field(default_factory=dict)
    headers: set[str] = field(default_factory=set)

    def heard(self, response: httpx.Response, seconds: float) -> None:
        """Keep an answer, `seconds` after it was asked for."""
        name = f"{response.request.method} {route(response.request.url)}"
        self.seconds.setdefault(name, []).append(seconds)
        self.statuses.setdefault(name, Counter())[response.status_code] += 1
        limit = response.request.url.params.get("limit", "")
        self.limits.setdefault(name, set()).update([int(limit)] if limit.isdecimal() else [])
        self.headers.update(each for each in TELLING if each in response.headers)

    def facts(self) -> list[dict[str, Any]]:
        """All of it, the slowest route first."""
        return [
            {
                "route": name,
                "number": len(seconds),
                "limits": sorted(self.limits[name]),
                "statuses": {str(status): number for status, number in sorted(self.statuses[name].items())},
                "median_ms": round(median(seconds) * 1000),
                "slowest_ms": round(max(seconds) * 1000),
            }
            for name, seconds in sorted(self.seconds.items(), key=lambda each: -max(each[1]))
        ]


async def report(
    address: str,
    credential: Credential,
    keys: Collection[str] | None = None,
    *,
    deployment: Deployment | None = None,
    line: Line | None = None,
    known_macros: Collection[str] = (),
) -> dict[str, Any]:
    """The report on a site, as JSON values. Nothing is written to it; what fails is in the report, by its kind.

    `keys`: the spaces to be tested, None for all; the largest is looked into. `known_macros` are told by their names.
    """
    routes = Routes()
    line = replace(line or Line(), heard=routes.heard)
    checks: list[dict[str, str]] = []
    spaces: tuple[Space, ...] = ()
    seen = 0
    async for result in run_checks(address, credential, keys, deployment=deployment, line=line):
        checks.append({"check": result.name, "state": str(result.state)})
        seen = len(result.visible) or seen
        by_size = sorted(result.counts, key=lambda each: -each[1].number)
        spaces = tuple(space for space, _ in by_size[:1]) or spaces
    facts: dict[str, Any] = {
        "report": FORM,
        "credential": type(credential).__name__,
        "passed": all(check["state"] != State.FAILED for check in checks),
        "checks": checks,
        "spaces": magnitude(seen),
    }
    async with AsyncExitStack() as stack:
        try:
            opening = open_client(address, credential, deployment=deployment, line=line)
            client = await stack.enter_async_context(opening)
            facts |= await _site(client, spaces, frozenset(known_macros))
        except MainstemError as error:
            facts["trouble"] = type(error).__name__
    return facts | {"requests": routes.facts(), "headers": sorted(routes.headers)}


async def _site(client: Confluence, spaces: Sequence[Space], known: frozenset[str]) -> dict[str, Any]:
    server = await client.server()
    contents: list[Content] = []
    listings = {}
    for kind in KINDS:
        listings[kind.value], found = await _listing(client, spaces, kind)
        contents += found
    return {
        "deployment": str(client.deployment),
        "product": server.product,
        "version": server.version,
        "gateway": "/ex/confluence/" in client.api_url,
        "tells_deactivation": await client.tells_deactivation(),
        "listings": listings,
        "rules": await _rules(client, contents),
        "contents": _told(contents, known),
        "retries": client.traffic.retries,
        "waited_seconds": round(client.traffic.waited),
    }


async def _listing(client: Confluence, spaces: Sequence[Space], kind: Kind) -> tuple[dict[str, Any], list[Content]]:
    """How a listing comes: how many an answer holds, and whether one in the midst is shorter than the one before."""
    sizes: list[int] = []
    found: list[Content] = []
    told: dict[str, Any] = {}
    try:
        async for batch in client.listing(spaces, kind, bodies=True):
            sizes.append(len(batch.contents))
            found += batch.contents
            if len(sizes) == ANSWERS or batch.cursor is None:
                break
    except MainstemError as error:
        told["trouble"] = type(error).__name__
    short = any(later < earlier for earlier, later in pairwise(sizes[:-1]))
    return {"answers": sizes, "short_in_the_midst": short, **told}, found


async def _rules(client: Confluence, contents: Sequence[Content]) -> dict[str, Any]:
    """Whether labels and restrictions come in bulk for all that was listed, as a search index may not have it yet."""
    pages = [content.id for content in contents if content.kind is Kind.PAGE]
    try:
        among = await client.rules_among(pages, Kind.PAGE) if pages else []
    except MainstemError as error:
        return {"asked": len(pages), "trouble": type(error).__name__}
    restricted = sum(rule.restriction is not None for rule in among)
    return {"asked": len(pages), "came": len({rule.content_id for rule in among}), "restricted": restricted}


def _told(contents: Sequence[Content], known: frozenset[str]) -> dict[str, Any]:
    bodies = [content.body for content in contents if content.body is not None]
    macros = Counter(name for body in bodies for name in _MACRO.findall(body))
    return {
        "number": len(contents),
        "statuses": dict(Counter(str(content.status) for content in contents)),
        "parents": dict(Counter(str(content.parent_kind) for content in contents if content.parent_kind)),
        "without_body": sum(content.body is None for content in contents if content.kind is not Kind.ATTACHMENT),
        "empty": sum(body == "" for body in bodies),
        "largest_body": magnitude(max(map(len, bodies), default=0)),
        "without_author": sum(content.author_id is None for content in contents),
        "macros": {name: number for name, number in macros.most_common() if name in known},
        "macros_not_known": _unknown(macros, known),
    }


def _unknown(macros: Mapping[str, int], known: frozenset[str]) -> dict[str, int]:
    others = [number for name, number in macros.items() if name not in known]
    return {"names": len(others), "uses": sum(others)}
