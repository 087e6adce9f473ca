"""The page on which admins choose by which rules documents are filed: what one would do is shown before it is saved.

Saving asks nothing of Confluence: documents are filed anew from what is stored.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy import Connection

from mainstem.accounts import connection_deeds
from mainstem.accounts.members import viewer_of
from mainstem.accounts.roles import Act
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.filing import numbers, titles, would_file
from mainstem.web import addresses
from mainstem.web.asking import Asking, SignedIn, allowed
from mainstem.web.connection_views import Standing, standing
from mainstem.web.connections import Id, connection_of
from mainstem.web.office import Office, office_of
from mainstem.web.pages import Part, page
from mainstem.web.words import Link, counted
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.filing import BadRule, Drawer, FilingRule, On, moved, rule_of, with_rule, without_rule

router = APIRouter(prefix="/connections/{connection_id}/rules")

MayChange = Annotated[Asking, Depends(allowed(Act.CHANGE_CONNECTIONS))]

NAMED: Final = 8
"""Documents that a preview names."""


class SentRule(BaseModel):
    """The form of a new rule. `names` are parted by commas, but for a field, which is one."""

    on: str = On.LABEL.value
    names: str = ""
    value: str = ""
    drawer: str = Drawer.TAG.value
    name: str = ""

    @property
    def rule(self) -> FilingRule:
        """The rule that was sent, without what its condition does not ask for. Raises BadRule."""
        names = [self.names] if self.on == On.FIELD else self.names.split(",")
        facts = {"on": self.on, "drawer": self.drawer, "names": [] if self.on == On.ALL else names, "name": self.name}
        return rule_of(facts | ({"value": self.value} if self.on == On.FIELD else {}))


class Chosen(BaseModel):
    """What the buttons of one rule send: its number, and where it is to go."""

    rule: int
    to: Literal["up", "down"] = "up"


@dataclass(frozen=True, slots=True)
class Row:
    """One rule of the list, and how many documents have something by it."""

    number: int
    condition: str
    outcome: str
    documents: int
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would do, in a sentence ("" without one), and some of the documents that the member may read."""

    says: str = ""
    named: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Filing:
    """The page. `sent` stands in the form; `trouble` says why it makes no sense, or, not `refused`, none yet."""

    now: Standing
    rows: tuple[Row, ...]
    sent: SentRule
    preview: Preview
    trouble: str = ""
    refused: bool = False
    saved: bool = False


@router.get("")
def choose(request: Request, asking: SignedIn, connection_id: Id, saved: str = "") -> Response:
    """The rules as they are; `saved`: they were changed just now."""
    content = _content(office_of(request), asking, connection_id, SentRule(), try_it=False)
    return page(request, "rules.html", replace(content, saved=bool(saved)), asking=asking)


@router.post("/preview")
def look(request: Request, asking: MayChange, connection_id: Id, sent: Annotated[SentRule, Form()]) -> Response:
    """What a rule would give to how many documents, or what is still to be said of it; nothing is saved."""
    content = _content(office_of(request), asking, connection_id, sent, try_it=True)
    return page(request, "rules.html", content, asking=asking, part=Part("preview"))


@router.post("")
def add(request: Request, asking: MayChange, connection_id: Id, sent: Annotated[SentRule, Form()]) -> Response:
    """File by one more rule from now on, behind all others."""
    office = office_of(request)
    try:
        with office.hub.engine.begin() as db:
            before = connection_of(db, connection_id)
            _change(db, office, asking, before, with_rule(before.rules, sent.rule))
    except BadRule:
        content = _content(office, asking, connection_id, sent, try_it=True)
        return page(request, "rules.html", replace(content, refused=True), asking=asking, status=422)
    return _saved(office, connection_id)


@router.post("/move")
def move(request: Request, asking: MayChange, connection_id: Id, sent: Annotated[Chosen, Form()]) -> Response:
    """Let a rule change its place with its neighbour: the first category and owner that apply win."""
    office = office_of(request)
    with office.hub.engine.begin() as db:
        before = connection_of(db, connection_id)
        _change(db, office, asking, before, moved(before.rules, sent.rule, -1 if sent.to == "up" else 1))
    return _saved(office, connection_id)


@router.post("/remove")
def remove(request: Request, asking: MayChange, connection_id: Id, sent: Annotated[Chosen, Form()]) -> Response:
    """Take a rule away, and what it gave."""
    office = office_of(request)
    with office.hub.engine.begin() as db:
        before = connection_of(db, connection_id)
        _change(db, office, asking, before, without_rule(before.rules, sent.rule))
    return _saved(office, connection_id)


def _change(
    db: Connection, office: Office, asking: Asking, before: SavedConnection, rules: tuple[FilingRule, ...]
) -> None:
    connection_deeds.change(db, asking.member, before, replace(before, rules=rules), office.hub.clock())


def _saved(office: Office, connection_id: int) -> Response:
    office.worker.file()
    return RedirectResponse(f"/connections/{connection_id}/rules?saved=1", 303)


def _content(office: Office, asking: Asking, connection_id: int, sent: SentRule, *, try_it: bool) -> Filing:
    hub, work = office.hub, office.worker.state(connection_id)
    with reading(hub.engine) as db:
        connection = connection_of(db, connection_id)
        preview, trouble = Preview(), ""
        if try_it:
            try:
                preview = _preview(db, office, asking, connection, sent)
            except BadRule as bad:
                trouble = str(bad)
        return Filing(
            standing(db, connection, work, hub.clock()),
            rows=_rows(db, connection),
            sent=sent,
            preview=preview,
            trouble=trouble,
        )


def _rows(db: Connection, connection: SavedConnection) -> tuple[Row, ...]:
    found, rules = numbers(db, connection.id, viewer=OPERATOR), connection.rules
    return tuple(
        Row(
            rule.number,
            rule.condition,
            rule.outcome,
            found.get(rule.key, 0),
            first=place == 0,
            last=place == len(rules) - 1,
        )
        for place, rule in enumerate(rules)
    )


def _preview(db: Connection, office: Office, asking: Asking, connection: SavedConnection, sent: SentRule) -> Preview:
    """What one more rule would do. Raises BadRule."""
    rule = sent.rule
    with_rule(connection.rules, rule)
    viewer = viewer_of(db, asking.member, rules_since=office.hub.rules_since)
    ids = would_file(db, connection.id, connection.rules, rule, viewer=OPERATOR)
    named = titles(db, ids, viewer=viewer, limit=NAMED)
    documents = counted(len(ids), "document gets", "documents get")
    return Preview(
        f"{documents} the {rule.outcome}." if ids else "No document gets anything by this rule as it is now.",
        tuple(Link(title, addresses.document(id_)) for id_, title in named),
    )
