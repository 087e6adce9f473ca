"""One request to the Cloud dialect, with whoever makes it: parameters, what the caller sees, and answers."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from confluence_emulator.accounts import Accounts
from confluence_emulator.cql import SearchIndex
from confluence_emulator.state import Content, Sight, Site, Space, User


@dataclass(frozen=True)
class Served:
    """What the Cloud dialect answers from. `media_url` is the origin that hands out files, without a slash."""

    site: Site
    accounts: Accounts
    index: SearchIndex
    media_url: str


@dataclass(frozen=True)
class Call:
    """One admitted request. `user` None is the anonymous caller; `body` is the JSON that a POST carried."""

    served: Served
    request: Request
    user: User | None
    gateway: bool
    body: Any = None
    sight: Sight = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sight", Sight(self.served.site, self.user))

    @property
    def site(self) -> Site:
        """The site asked."""
        return self.served.site

    def part(self, name: str) -> str:
        """A variable part of the path."""
        return str(self.request.path_params[name])

    def one(self, name: str, default: str = "") -> str:
        """A query parameter that is given once."""
        return self.request.query_params.get(name, default)

    def has(self, name: str) -> bool:
        """Whether a query parameter is there."""
        return name in self.request.query_params

    def many(self, name: str) -> list[str]:
        """A query parameter that is repeated, or written with commas, or both."""
        given = self.request.query_params.getlist(name)
        return [part for value in given for part in value.split(",") if part]

    def visible(self, content_id: str) -> Content | None:
        """The content of this id if the caller may view it."""
        content = self.site.contents.get(content_id)
        return content if content is not None and self.sight.content(content) else None

    def visible_spaces(self) -> list[Space]:
        """The spaces the caller may view."""
        return [space for space in self.site.spaces.values() if self.sight.space(space)]

    def others(self, *dropped: str) -> list[tuple[str, str]]:
        """The query parameters but these, in order, to write a link to the next page."""
        return [(name, value) for name, value in self.request.query_params.multi_items() if name not in dropped]

    def path(self, prefix: str = "/wiki") -> str:
        """The path asked, from behind `/wiki`, whatever host or gateway it came through; `prefix` goes before it."""
        return f"{prefix}{self.request.url.path.partition('/wiki')[2]}"


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(body), status, headers, media_type="application/json")


def among(name: str, values: Collection[str], allowed: Collection[str]) -> str | None:
    """What is wrong with a parameter's values, or None where all are allowed."""
    wrong = [value for value in values if value not in allowed]
    return f"Invalid value for {name}: {', '.join(wrong)}" if wrong else None
