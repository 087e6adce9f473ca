"""Who is mentioned in a body, by the names that the store knows, so that a passage can be found by them."""

from collections.abc import Mapping

from sqlalchemy import Connection

from mainstem.store import audiences
from mainstem.wiki.documents import Destination, PersonTarget, Target


def mentions_people(body: str) -> bool:
    """Whether a body in storage format may mention anybody: if not, names change nothing about it."""
    return "ri:user" in body


class Names:
    """Resolves mentions and nothing else; a person it does not know stays unnamed."""

    def __init__(self, by_id: Mapping[str, str]) -> None:
        """`by_id` maps account ids, user keys and user names to display names."""
        self._by_id = by_id

    @classmethod
    def stored(cls, db: Connection, connection_id: int) -> "Names":
        """The names of everyone known in one connection."""
        return cls(audiences.display_names(db, connection_id))

    def resolve(self, target: Target) -> Destination | None:
        """The name of a mentioned person, without an address."""
        if isinstance(target, PersonTarget) and (name := self._by_id.get(target.id)):
            return Destination(href="", title=name)
        return None
