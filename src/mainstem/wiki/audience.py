"""Who may see what: principals, clauses and viewers (P1).

A clause is the set of principals that pass one view rule. A document's readers are the AND of the clauses above it:
site, space, every restricted ancestor, itself if restricted. A rule that could not be read is `NOBODY`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

Principal = NewType("Principal", str)
"""`user:ID`, `group:ID`, `anonymous` or `all-licensed`; ids belong to one Confluence site."""

ANONYMOUS = Principal("anonymous")
"""Everyone, signed in or not."""

ALL_LICENSED = Principal("all-licensed")
"""Every active person with a licence; not guests, not customers."""


_USER = "user:"
_GROUP = "group:"


def user(account_id: str) -> Principal:
    """The principal of one account."""
    return Principal(f"{_USER}{account_id}")


def group(group_id: str) -> Principal:
    """The principal of everyone in a group."""
    return Principal(f"{_GROUP}{group_id}")


@dataclass(frozen=True, slots=True)
class Clause:
    """The principals that pass one view rule; empty means that nobody does."""

    principals: frozenset[Principal]

    @property
    def users(self) -> frozenset[str]:
        """The ids of the accounts that it names."""
        return frozenset(each.removeprefix(_USER) for each in self.principals if each.startswith(_USER))

    @property
    def groups(self) -> frozenset[str]:
        """The ids of the groups that it names."""
        return frozenset(each.removeprefix(_GROUP) for each in self.principals if each.startswith(_GROUP))


NOBODY = Clause(frozenset())


@dataclass(frozen=True, slots=True)
class Rules:
    """What a bulk read tells of one content beside its body: its labels and its own view restriction.

    `restriction` None means that the content has no view restriction of its own (it inherits);
    a restriction whose reading failed must be `NOBODY`, never None.
    """

    content_id: str
    labels: tuple[str, ...] = ()
    restriction: Clause | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever reads. `principals` are (connection id, principal) pairs, proved by the store, never claimed.

    `unrestricted` is the local operator of the command line (P2) and nobody else. View rules of a connection that was
    last read before `rules_since` pass nobody (P1: after 72 hours); None trusts rules of any age. `member`: they have
    an account in the hub, and so see what goes without permissions by a person's word (P6).
    """

    name: str
    principals: frozenset[tuple[int, Principal]] = frozenset()
    unrestricted: bool = False
    rules_since: datetime | None = None
    member: bool = False


OPERATOR = Viewer(name="operator", unrestricted=True)
