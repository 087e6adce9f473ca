"""The server that the constructs come from: its people, pages and files, as `world.toml` lists them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from mainstem.wiki.documents import (
    AttachmentTarget,
    ContentTarget,
    Destination,
    NoLinks,
    PageTarget,
    PersonTarget,
    SpaceTarget,
    Target,
)

FILE = Path(__file__).with_name("world.toml")


@dataclass(frozen=True, slots=True)
class World:
    """Where links lead: asked by our emitters as they ask the hub's store. Ids of pages by title, names by id."""

    space: str
    people: dict[str, str]
    pages: dict[str, str]

    def resolve(self, target: Target) -> Destination | None:
        """The destination of a target, None for what this server does not have."""
        match target:
            case PersonTarget(id=identity) if identity in self.people:
                return Destination("", self.people[identity])
            case PageTarget(title=title) if title in self.pages:
                return Destination(f"/documents/{self.pages[title]}", title)
            case ContentTarget(content_id=content_id):
                titles = (title for title, page in self.pages.items() if page == content_id)
                return next((Destination(f"/documents/{content_id}", title) for title in titles), None)
            case AttachmentTarget(filename=filename):
                return Destination(f"/files/{filename}", filename)
            case SpaceTarget(key="OPS"):
                return Destination("/spaces/OPS", self.space)
            case _:
                return NoLinks().resolve(target)


def world() -> World:
    """The world of `world.toml`."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return World(told["space"]["name"], told["people"], {title: page for page, title in told["pages"].items()})
