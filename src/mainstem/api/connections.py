"""Connections, for admins: how each stands, what its syncs did, and syncing one soon.

Progress comes from the run's row, as it does on the pages.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Literal, Self, cast, get_args

from fastapi import APIRouter, Depends, HTTPException, Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from sqlalchemy import Connection as Database

from mainstem.accounts import connection_deeds
from mainstem.accounts.roles import Act
from mainstem.api.asking import Asking, allowed
from mainstem.api.pages import Paged, Wanted
from mainstem.api.problems import problem
from mainstem.errors import TellPerson
from mainstem.store import checkups, connections, documents, file_texts, plans, runs
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.errors import ConnectionGone
from mainstem.store.file_texts import Outcome
from mainstem.store.runs import Aim, RunState
from mainstem.wiki import conversion, selection
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.content import Deployment, Kind
from mainstem.wiki.conversion import MOST_MACROS, ConversionOptions, ImageForm, MacroForm, TableForm
from mainstem.wiki.files import MOST_MB, USUAL_MB, FileForm, FileKind
from mainstem.wiki.selection import Filter, Later
from mainstem.wiring import keeping
from mainstem.wiring.worker import Worker

router = APIRouter(tags=["connections"])

ConnectionId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Sees = Annotated[Asking, Depends(allowed(Act.SEE_CONNECTIONS))]
Changes = Annotated[Asking, Depends(allowed(Act.CHANGE_CONNECTIONS, changes=True))]
RESTS = "This connection is paused. An admin can resume it in Mainstem; then it is synced again."
Work = Literal["idle", "waiting", "syncing"]
OuterKind = Literal["page", "blogpost", "comment", "attachment"]
EVERY_KIND: tuple[OuterKind, ...] = get_args(OuterKind)


class Did(BaseModel):
    """What a sync did, in documents, and how often it asked Confluence."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    waiting_deletions: int = Field(default=0, description="Deletions that waited for a person's answer when it ended.")
    requests: int = 0


class Run(BaseModel):
    """One sync."""

    id: int
    state: RunState
    phase: str
    message: str | None = Field(description="Why it waits or failed.")
    did: Did
    started_at: datetime
    finished_at: datetime | None
    aim: Aim = Field(description="Whether it read everything, or permissions alone.")


class Runs(Paged):
    """Syncs of one connection, the newest first."""

    runs: list[Run]


class Held(BaseModel):
    """How much the hub holds of a connection, whoever may read it."""

    model_config = ConfigDict(from_attributes=True)

    spaces: int
    pages: int
    blogposts: int
    comments: int
    attachments: int
    others: int
    passages: int


MacroName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.:+-]{1,100}$")]


class FileChoice(BaseModel):
    """What is taken of attached files; what is not said is as usual."""

    model_config = ConfigDict(extra="forbid")

    forms: dict[FileKind, FileForm] = Field(
        default={},
        description="What is taken of files by their kinds: text and file (both), one of them, or neither (skip).",
        json_schema_extra={"additionalProperties": False},
    )
    most_mb: int = Field(default=USUAL_MB, ge=1, le=MOST_MB, description="The text of larger files is not read.")
    ocr: bool = Field(default=False, description="Whether tesseract reads the text in pictures and scanned pages.")


class Conversion(BaseModel):
    """How the bodies of a connection are converted; what is not said is as it stands in Confluence."""

    model_config = ConfigDict(extra="forbid")

    macros: dict[MacroName, MacroForm] = Field(
        default={},
        max_length=MOST_MACROS,
        description="What becomes of macros, by their names in small letters.",
        json_schema_extra={"additionalProperties": False},
    )
    tables: TableForm = Field(default=TableForm.MARKDOWN, description="Tables in passages and exports.")
    images: ImageForm = Field(default=ImageForm.LINK, description="Pictures, wherever they are shown.")
    files: FileChoice = Field(default=FileChoice(), description="Attached files, from the next sync on.")


class FilesTold(BaseModel):
    """What became of the text of so many attached files. `why` says why it is not read, "" for a kind that never is."""

    outcome: Outcome
    why: str
    number: int


Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=255)]


Top = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,30}$")]
"""The id of a page or folder."""


class Content(BaseModel):
    """What comes in by a connection; what is not said is everything."""

    model_config = ConfigDict(extra="forbid")

    spaces: list[Key] | None = Field(
        default=None, min_length=1, max_length=10_000, description="Keys of spaces; null: all, also later ones."
    )
    without_spaces: list[Key] = Field(default=[], max_length=10_000, description="Keys of spaces that stay outside.")
    kinds: list[OuterKind] = Field(default=list(EVERY_KIND), min_length=1, max_length=len(EVERY_KIND))
    later: Later | None = Field(
        default=None, description="What becomes of spaces created later; null: they come in where all spaces do."
    )
    labels: list[Label] = Field(default=[], max_length=100, description="Pages and posts need one of these.")
    without_labels: list[Label] = Field(default=[], max_length=100, description="They may have none of these.")
    created_after: date | None = None
    modified_after: date | None = None
    look_back: int | None = Field(
        default=None, ge=1, le=36_500, description="They were changed within so many days before each sync."
    )

    trees: list[Top] = Field(
        default=[], max_length=1000, description="Ids of pages or folders: only these, and all below them."
    )
    without_trees: list[Top] = Field(default=[], max_length=1000, description="None of these, and nothing below them.")
    archived: bool = Field(default=False, description="Archived pages, too.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if set(self.labels) & set(self.without_labels):
            raise ValueError("A label cannot be wanted and left out at once.")
        return self

    @property
    def chosen_kinds(self) -> frozenset[Kind]:
        """The kinds as the store has them."""
        return frozenset(map(Kind, self.kinds))

    @property
    def filter(self) -> Filter:
        """What narrows them."""
        return Filter(
            labels=frozenset(self.labels),
            without_labels=frozenset(self.without_labels),
            created_after=self.created_after,
            modified_after=self.modified_after,
            look_back=self.look_back,
            without_spaces=frozenset(self.without_spaces),
            later=self.later,
            trees=frozenset(self.trees),
            without_trees=frozenset(self.without_trees),
            archived=self.archived,
        )


CredentialKind = Literal["email-token", "oauth", "personal-token", "user-password"]


class Connection(BaseModel):
    """One connection as it stands. Its credential is told to nobody."""

    id: int
    name: str
    deployment: Deployment
    site: str = Field(description="The address of its site.")
    account: str | None = Field(description="Whom it is signed in as.")
    credential_kind: CredentialKind = Field(description="What it signs in with.")
    content: Content
    conversion: Conversion
    paused: bool = Field(description="Whether it rests until it is resumed.")
    token_expires_on: date | None = Field(description="When its credential expires, where that is known.")
    tested_at: datetime | None = Field(description="When it was tested last: each day, if by nobody else.")
    test_passed: bool | None = Field(description="Whether it passed. Null: it was never tested.")
    work: Work = Field(description="Whether it syncs, or waits for its turn to.")
    last_sync_at: datetime | None = Field(description="When a sync last ended well.")
    last_run: Run | None
    failures: int = Field(ge=0, description="How many documents could not be had, and still cannot.")
    holds: Held
    files: list[FilesTold] = Field(description="What became of the text of attached files; some may be still to come.")


class Connections(BaseModel):
    """All connections, the newest first."""

    connections: list[Connection]


class Asked(BaseModel):
    """What became of asking for a sync."""

    work: Work


@router.get("/connections")
def every(who: Sees) -> Connections:
    """All connections."""
    states = worker_of(who).states()
    with reading(who.behind.reader.engine) as db:
        found = [_standing(db, each, states) for each in connections.every(db)]
    return Connections(connections=found)


@router.get("/connections/{connection_id}")
def one(who: Sees, connection_id: ConnectionId) -> Connection:
    """One connection."""
    return shown(who, connection_id)


@router.get("/connections/{connection_id}/runs")
def history(who: Sees, connection_id: ConnectionId, wanted: Wanted) -> Runs:
    """The syncs of a connection."""
    with reading(who.behind.reader.engine) as db:
        connection_of(db, connection_id)
        total = runs.count(db, connection_id)
        found = runs.history(db, connection_id, limit=wanted.limit, offset=wanted.offset)
    return Runs(total=total, limit=wanted.limit, offset=wanted.offset, runs=[_run(each) for each in found])


@router.put("/connections/{connection_id}/conversion")
def convert(who: Changes, connection_id: ConnectionId, wanted: Conversion) -> Conversion:
    """Choose how its bodies are converted; what this affects is made anew soon, without a request to Confluence."""
    try:
        chosen = conversion.options_of(wanted.model_dump())
    except TellPerson as senseless:
        raise HTTPException(400, str(senseless)) from None
    worker = worker_of(who)
    with who.behind.reader.engine.begin() as db:
        before = connection_of(db, connection_id)
        wanted_now = replace(before, conversion=chosen)
        connection_deeds.change(db, who.member, before, wanted_now, who.behind.reader.clock())
    worker.convert()
    return _conversion(chosen)


def _conversion(chosen: ConversionOptions) -> Conversion:
    return Conversion.model_validate(conversion.facts_of(chosen))


@router.post("/connections/{connection_id}/sync", status_code=202, responses={409: problem(RESTS)})
def sync(who: Changes, connection_id: ConnectionId) -> Asked:
    """Sync a connection soon, unless it is paused; asked for twice, it is synced once."""
    saved(who, connection_id)
    if not keeping.catch_up(worker_of(who), connection_id):
        raise HTTPException(409, RESTS)
    return asked(who, connection_id)


def asked(who: Asking, connection_id: int) -> Asked:
    """What became of asking for a sync."""
    return Asked(work=_work(worker_of(who).states(), connection_id))


def shown(who: Asking, connection_id: int) -> Connection:
    """One connection as it stands now."""
    states = worker_of(who).states()
    with reading(who.behind.reader.engine) as db:
        return _standing(db, connection_of(db, connection_id), states)


def saved(who: Asking, connection_id: int) -> SavedConnection:
    """One connection as it is stored, or no such thing."""
    with reading(who.behind.reader.engine) as db:
        return connection_of(db, connection_id)


def connection_of(db: Database, connection_id: int) -> SavedConnection:
    """One connection, or no such thing."""
    try:
        return connections.connection(db, connection_id)
    except ConnectionGone:
        raise HTTPException(404) from None


def worker_of(who: Asking) -> Worker:
    """What works behind these routes."""
    assert who.behind.worker is not None  # these routes stand where there is one
    return who.behind.worker


def _work(states: Mapping[int, str], connection_id: int) -> Work:
    match states.get(connection_id):
        case "waiting":
            return "waiting"
        case "syncing":
            return "syncing"
        case _:
            return "idle"


def _standing(db: Database, connection: SavedConnection, states: Mapping[int, str]) -> Connection:
    run, tested = runs.latest(db, connection.id), checkups.last(db, connection.id)
    return Connection(
        id=connection.id,
        name=connection.name,
        deployment=connection.deployment,
        site=connection.url,
        account=connection.account_name,
        credential_kind=cast(CredentialKind, connection.credential_kind),
        content=_content(connection),
        conversion=_conversion(connection.conversion),
        paused=plans.plan(db, connection.id).paused_at is not None,
        token_expires_on=connection.token_expires_on,
        tested_at=None if tested is None else tested.tested_at,
        test_passed=None if tested is None else tested.passed,
        work=_work(states, connection.id),
        last_sync_at=connection.last_sync_at,
        last_run=None if run is None else _run(run),
        failures=len(runs.standing_failures(db, connection.id)),
        holds=Held.model_validate(documents.counts(db, connection.id, viewer=OPERATOR)),
        files=[
            FilesTold(outcome=outcome, why=why, number=number)
            for (outcome, why), number in file_texts.tally(db, connection.id).items()
        ],
    )


def _content(connection: SavedConnection) -> Content:
    chosen = connection.chosen_spaces
    return Content.model_validate(
        selection.facts_of(connection.filter)
        | {"spaces": None if chosen is None else list(chosen), "kinds": sorted(connection.kinds)}
    )


def _run(run: runs.Run) -> Run:
    return Run(
        id=run.id,
        state=run.state,
        phase=run.phase,
        message=run.message,
        did=_did(run.counters),
        started_at=run.started_at,
        finished_at=run.finished_at,
        aim=run.aim,
    )


def _did(counters: Mapping[str, int]) -> Did:
    return Did.model_validate({name: counters.get(name, 0) for name in Did.model_fields})
