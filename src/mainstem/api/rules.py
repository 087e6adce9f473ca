"""Rules of a connection, for admins: by what its documents get tags, categories, collections and owners.

Numbers count all documents, whoever may read them; what is named is what the member who asks may read.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Connection as Database

from mainstem.accounts import connection_deeds
from mainstem.api.asking import Asking
from mainstem.api.connections import Changes, ConnectionId, Sees, connection_of, worker_of
from mainstem.api.problems import problem
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.filing import numbers, titles, would_file
from mainstem.wiki import filing
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.filing import LONGEST, MOST_RULES, BadRule, Drawer, On

router = APIRouter(tags=["connections"])

SENSELESS = "A rule makes no sense as it is, or stands there twice; the detail says what to write."

NAMED = 20
"""Documents that a preview names."""

Name = Annotated[str, StringConstraints(max_length=LONGEST)]


class Rule(BaseModel):
    """One rule: what it looks at, and what it gives."""

    model_config = ConfigDict(extra="forbid")

    on: On = Field(description="Everything, spaces, labels, or a field of page properties.")
    names: list[Name] = Field(
        default=[],
        max_length=MOST_RULES,
        description="Keys of spaces, labels (`*` stands for any characters) or the one field; none for everything.",
    )
    value: Name = Field(default="", description="What the field must be; empty: whatever it is.")
    drawer: Drawer = Field(description="What it gives.")
    name: Name = Field(
        default="", description="Empty: the label itself, the name of the space, or each value of the field."
    )


class Filing(Rule):
    """One rule, and what it does."""

    documents: int = Field(ge=0, description="How many documents have something by it, whoever may read them.")


class Rules(BaseModel):
    """Rules in their order: of those that give a category or an owner, the first that applies wins."""

    model_config = ConfigDict(extra="forbid")

    rules: list[Rule] = Field(max_length=MOST_RULES)


class Filings(BaseModel):
    """The rules of a connection. Behind them all, each label is a tag, and the space is the category."""

    rules: list[Filing]


class Named(BaseModel):
    """A document that would get something."""

    id: int
    title: str
    href: str


class Preview(BaseModel):
    """What one more rule would do behind those that there are."""

    documents: int = Field(ge=0, description="How many documents would get something, whoever may read them.")
    named: list[Named] = Field(description="Some of those that you may read.")


@router.get("/connections/{connection_id}/rules")
def rules(who: Sees, connection_id: ConnectionId) -> Filings:
    """The rules of a connection, and how many documents have something by each."""
    with reading(who.behind.reader.engine) as db:
        return _told(db, connection_of(db, connection_id))


@router.put("/connections/{connection_id}/rules", responses={409: problem(SENSELESS)})
def choose_rules(who: Changes, connection_id: ConnectionId, wanted: Rules) -> Filings:
    """Choose all rules; documents are filed anew soon, without a request to Confluence."""
    try:
        chosen = filing.rules_of(each.model_dump() for each in wanted.rules)
    except BadRule as senseless:
        raise HTTPException(409, str(senseless)) from None
    with who.behind.reader.engine.begin() as db:
        before = connection_of(db, connection_id)
        wanted_now = replace(before, rules=chosen)
        after = connection_deeds.change(db, who.member, before, wanted_now, who.behind.reader.clock())
        told = _told(db, after)
    worker_of(who).file()
    return told


@router.post("/connections/{connection_id}/rules/preview", responses={409: problem(SENSELESS)})
def look_at_rule(who: Sees, connection_id: ConnectionId, wanted: Rule) -> Preview:
    """What one more rule would do; nothing is saved."""
    try:
        rule = filing.rule_of(wanted.model_dump())
    except BadRule as senseless:
        raise HTTPException(409, str(senseless)) from None
    with reading(who.behind.reader.engine) as db:
        connection = connection_of(db, connection_id)
        ids = would_file(db, connection_id, connection.rules, rule, viewer=OPERATOR)
        named = titles(db, ids, viewer=who.viewer(db), limit=NAMED)
    return Preview(documents=len(ids), named=[_named(who, *each) for each in named])


def _told(db: Database, connection: SavedConnection) -> Filings:
    found = numbers(db, connection.id, viewer=OPERATOR)
    facts = filing.facts_of(connection.rules)
    return Filings(
        rules=[
            Filing(**said, documents=found.get(rule.key, 0)) for rule, said in zip(connection.rules, facts, strict=True)
        ]
    )


def _named(who: Asking, document_id: int, title: str) -> Named:
    return Named(id=document_id, title=title, href=who.behind.addresses.document(document_id))
