"""What happened, for those who look after the hub: integration logs for admins, and the audit log for owners.

Titles of documents show, and are found, as far as whoever asks may read them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from mainstem.accounts.deeds import in_words
from mainstem.accounts.roles import Act
from mainstem.api.asking import Asking, allowed
from mainstem.api.pages import AT_ONCE, Asked
from mainstem.store import deeds, events
from mainstem.store.database import reading
from mainstem.store.events import Level
from mainstem.wiki.content import Deployment

router = APIRouter(tags=["logs"])

LARGEST = 2**63 - 1

SeesLogs = Annotated[Asking, Depends(allowed(Act.SEE_LOGS))]
SeesDeeds = Annotated[Asking, Depends(allowed(Act.SEE_DEEDS))]
Words = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Id = Annotated[int, Field(ge=1, le=LARGEST)]


class Period(Asked):
    """Which part of a log: between two instants, the newest first, from one line on."""

    q: Words = Field(default="", description="Words that a line holds.")
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    before: Id | None = Field(default=None, description="Go on behind this one: the `next` of the page before.")
    limit: int = Field(default=20, ge=1, le=AT_ONCE)


class Lines(Period):
    """Which lines of the log."""

    connection: Id | None = None
    deployment: Deployment | None = None
    run: Id | None = Field(default=None, description="The sync that wrote them.")
    level: Annotated[tuple[Level, ...], Field(max_length=len(Level))] = ()
    document: Words = Field(default="", description="What they are about, by Confluence's id.")


class Line(BaseModel):
    """One line. `repair` is what to do about it, a step each."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    level: Level
    text: str
    cause: str
    repair: list[str]
    connection_id: int
    connection: str
    run_id: int | None
    subject: str = Field(description="What it is about where that is no content: a list, a group, a space.")
    source_id: str = Field(description="The content that it is about, by Confluence's id; empty for none.")
    document_id: int | None = Field(description="The same in Mainstem, if you may read it.")
    title: str | None = Field(description="Its title, if you may read it.")


class Log(BaseModel):
    """A page of the log."""

    counts: dict[Level, int] = Field(description="How many lines there are in all, by level.")
    lines: list[Line]
    next: int | None = Field(description="Where the next page begins, as `before`; null where there is none.")


class Deed(BaseModel):
    """What somebody did."""

    id: int
    at: datetime
    who: str
    member_id: int | None = Field(description="Null: the command line, or somebody without an account.")
    act: str
    did: str = Field(description="The same in words, as the end of a sentence that begins with their name.")
    subject: str = Field(description="Whom or what it is about.")
    facts: dict[str, Any] = Field(description="What was, what it became, and the like; never a secret.")


class Deeds(BaseModel):
    """A page of the audit log."""

    deeds: list[Deed]
    next: int | None = Field(description="Where the next page begins, as `before`; null where there is none.")


@router.get("/logs")
def lines(who: SeesLogs, asked: Annotated[Lines, Query()]) -> Log:
    """What happened to connections, the newest first."""
    wanted = events.Wanted(
        connection_id=asked.connection,
        deployment=asked.deployment,
        run_id=asked.run,
        levels=asked.level,
        text=asked.q,
        source_id=asked.document,
        since=asked.since,
        until=asked.until,
    )
    with reading(who.behind.reader.engine) as db:
        viewer = who.viewer(db)
        found = events.lines(db, wanted, viewer=viewer, limit=asked.limit + 1, before=asked.before)
        counts: Mapping[Level, int] = events.counts(db, wanted, viewer=viewer)
    shown = found[: asked.limit]
    return Log(
        counts=dict(counts),
        lines=[_line(each) for each in shown],
        next=shown[-1].id if len(found) > asked.limit else None,
    )


@router.get("/audit")
def audit(who: SeesDeeds, asked: Annotated[Period, Query()]) -> Deeds:
    """Who did what, to whom and when, the newest first."""
    wanted = deeds.Wanted(text=asked.q, since=asked.since, until=asked.until)
    with reading(who.behind.reader.engine) as db:
        found = deeds.newest(db, wanted, limit=asked.limit + 1, before=asked.before)
    shown = found[: asked.limit]
    return Deeds(
        deeds=[_deed(each) for each in shown],
        next=shown[-1].id if len(found) > asked.limit else None,
    )


def _line(line: events.Line) -> Line:
    return Line(
        id=line.id,
        at=line.at,
        level=line.level,
        text=line.text,
        cause=line.cause,
        repair=line.repair.splitlines(),
        connection_id=line.connection_id,
        connection=line.connection,
        run_id=line.run_id,
        subject=line.subject,
        source_id=line.source_id,
        document_id=line.document_id,
        title=line.title,
    )


def _deed(deed: deeds.Deed) -> Deed:
    return Deed(
        id=deed.id,
        at=deed.at,
        who=deed.member,
        member_id=deed.member_id,
        act=deed.act,
        did=in_words(deed),
        subject=deed.subject,
        facts=dict(deed.facts),
    )
