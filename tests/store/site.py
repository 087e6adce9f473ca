"""A small Confluence to store: one connection, one open space, and short ways to say what is in it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, event

from mainstem.store import audiences, chains, connections, content, rules
from mainstem.store.connections import NewConnection
from mainstem.wiki.audience import ALL_LICENSED, Clause, Principal, Rules
from mainstem.wiki.content import Content, Deployment, Kind, Person, Space
from mainstem.wiki.documents import Converted, Passage
from mainstem.wiki.secrets import SealedSecret

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

ALICE = Person("u-alice", "Alice Archer", email="Alice@example.com")
BOB = Person("u-bob", "Bob Berg", email="bob@example.com", username="bberg")


def new_connection(name: str = "Acme", **changes: Any) -> NewConnection:
    """A connection to a Cloud site."""
    facts: dict[str, Any] = {
        "name": name,
        "deployment": Deployment.CLOUD,
        "url": "https://acme.example/wiki",
        "api_url": "https://acme.example/wiki",
        "credential_kind": "api-token",
        "secret": SealedSecret(b"sealed"),
        "login": "robot@example.com",
    }
    return NewConnection(**facts | changes)


def clause(*principals: Principal) -> Clause:
    """A view rule that these pass."""
    return Clause(frozenset(principals))


def page(id_: str, **changes: Any) -> Content:
    """A page at the top of the space."""
    facts: dict[str, Any] = {
        "kind": Kind.PAGE,
        "space_id": "s1",
        "title": f"Page {id_}",
        "version": 1,
        "modified_at": NOW,
        "url": f"https://acme.example/wiki/{id_}",
        "body": f"<p>Text of {id_}</p>",
    }
    return Content(id_, **facts | changes)


def made(*texts: str, **changes: Any) -> Converted:
    """What a converter might have made: these passages, and whatever else is said."""
    facts: dict[str, Any] = {
        "passages": tuple(Passage(n, ("Top",), "top", text) for n, text in enumerate(texts)),
        "links": (),
        "properties": (),
        "extraction": 1,
    }
    return Converted(**facts | changes)


@dataclass(frozen=True)
class Site:
    """A stored connection with the open space ENG (`s1`) and the people Alice and Bob."""

    db: Connection
    id: int

    def save(self, *contents: Content) -> dict[str, int]:
        """Save contents as a sync would, readable by all with a licence; our ids by theirs."""
        self.save_as_found(*contents)
        self.rule(*(Rules(each.id) for each in contents))
        return content.ids_of(self.db, self.id, [each.id for each in contents])

    def save_as_found(self, *contents: Content) -> None:
        """Save contents whose rules nobody has read."""
        content.save_documents(self.db, self.id, [(each, "hash", made(f"About {each.id}")) for each in contents], NOW)
        chains.rebuild_chains(self.db, self.id)

    def rule(self, *found: Rules | rules.RulesGap) -> int:
        """Save labels and restrictions, and rebuild what follows from them."""
        changed = rules.save_rules(self.db, self.id, found)
        chains.rebuild_chains(self.db, self.id)
        return changed.tightened + changed.loosened


def site(db: Connection, name: str = "Acme", people: Sequence[Person] = (ALICE, BOB)) -> Site:
    """Put up a site."""
    stored = Site(db, connections.add(db, new_connection(name), NOW).id)
    content.save_spaces(db, stored.id, [Space("s1", "ENG", "Engineering")])
    everyone = clause(ALL_LICENSED)
    audiences.save_site_clause(db, stored.id, everyone)
    audiences.save_clauses(db, stored.id, audiences.HolderKind.SPACE, {"s1": everyone})
    audiences.save_people(db, stored.id, people, NOW)
    audiences.rules_read(db, stored.id, ["s1"], NOW)
    return stored


@contextmanager
def counted_statements(db: Connection | Engine, into: list[str]) -> Iterator[None]:
    """Collect every statement sent meanwhile; one that carries many rows counts once."""

    def note(_db: Connection, _cursor: object, statement: str, *_: object) -> None:
        into.append(statement)

    event.listen(db, "before_cursor_execute", note)
    yield
    event.remove(db, "before_cursor_execute", note)
