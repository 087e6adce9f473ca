"""What the page of one connection shows: its spaces, its log, its history, and what could not be had, with causes."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from mainstem.store import audiences, content, documents, events, file_texts, members, runs, tombstones
from mainstem.store.connections import SavedConnection
from mainstem.store.events import Level
from mainstem.store.file_texts import Outcome
from mainstem.store.runs import ENDED, Failure, StandingFailure
from mainstem.store.tombstones import Question
from mainstem.sync.log import COMES, CONTENT
from mainstem.web.connection_views import Badge, Held, Standing, Sync, standing, sync_of
from mainstem.web.log_views import PATH, Asked
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Space

SHOWN_RUNS = 10
SHOWN_FAILURES = 50
SHOWN_SPACES = 50
SHOWN_LINES = 40
SHOWN_CAUSES = 20

COMPLETE = Badge("Complete", "circle-check", "ok")
FAILING = Badge("Not complete", "triangle-alert", "warn")
FILTERED = Badge("As filtered", "sliders-horizontal", "")
UNKNOWN = Badge("Not counted yet", "circle-help", "")

_IN_ADDRESS = re.compile(r"/(?:spaces|display)/([^/?#]+)")
_IN_NAME = re.compile(r"^(?:space|count): (.+)$")


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """One space: how many pages and posts are held, how many Confluence listed last, and how many could not be had.

    `listed` is None where it was never listed to its end. `filtered`: by a filter not all of it is meant to be here.
    """

    key: str
    name: str
    url: str
    held: int
    listed: int | None
    listed_at: datetime | None
    failed: int
    filtered: bool = False

    @property
    def badge(self) -> Badge:
        """Whether all of it is here that should be."""
        short = self.listed is not None and self.held < self.listed
        if self.failed or (short and not self.filtered):
            return FAILING
        if short:
            return FILTERED
        return UNKNOWN if self.listed is None else COMPLETE


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log. `about` is what it is about, "" where that is nothing or not for this member to know."""

    at: datetime
    level: str
    text: str
    about: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """What could not be had. `title` is no content's that this member may not read; `href` is in Confluence.

    `alone` is the id to try it again by, alone; "" where only a sync can. `comes`: it was tried so, and can be had now.
    """

    title: str
    href: str
    cause: str
    since: datetime
    tried: datetime
    alone: str = ""
    comes: bool = False


@dataclass(frozen=True, slots=True)
class FileRow:
    """What became of the text of so many files: it is `read`, or the sentence `why` says why not."""

    why: str
    number: int
    read: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """The account that a connection signs in as, of which an owner who is nobody there yet is asked: is it you?"""

    member_id: int
    account_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Rules:
    """When who may view the spaces was read, at the earliest; of the `hidden` ones never, or too long ago."""

    read_at: datetime | None
    hidden: int


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One space of which more would leave at once than may unasked: how many of how many, and what Confluence says."""

    key: str
    number: int
    live: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """Where the page is whose address somebody pasted. `title` and `href` are empty for who may not read it.

    `whom` is the member of whom it was asked, by id, `verdict` whether they see it, and `reasons` why: each a sentence,
    and whether it is for it.
    """

    url: str
    says: str
    next_step: str
    kind: str
    icon: str
    title: str = ""
    href: str = ""
    whom: int | None = None
    verdict: str = ""
    reasons: tuple[tuple[bool, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """One connection with its spaces, log and history, and with what could not be had.

    `asked` is whether the owner who looks is the account that it signs in as; None where that is no question.
    `more_spaces` and `more_failures` are how many are not shown; `done` says what was done with it just now,
    `welcome` what follows of that; `trouble` why what somebody pressed a button for was not done.
    """

    now: Standing
    spaces: tuple[SpaceRow, ...]
    more_spaces: int
    log: tuple[LogLine, ...]
    log_href: str
    history: tuple[Sync, ...]
    failed: tuple[Lacking, ...]
    more_failures: int
    files: tuple[FileRow, ...] = ()
    done: str = ""
    welcome: str = ""
    trouble: str = ""
    asked: Identity | None = None
    sought: Sought | None = None
    held_back: tuple[HeldRow, ...] = ()
    rules: Rules | None = None
    members: tuple[tuple[int, str], ...] = ()


def overview(
    db: Connection,
    connection: SavedConnection,
    work: str | None,
    now: datetime,
    *,
    viewer: Viewer,
    held: Held | None = None,
) -> Overview:
    """One connection in full, as one admin may see it. `held` spares counting where that was done a moment ago."""
    stands = standing(db, connection, work, now, held=held)
    past = runs.history(db, connection.id, limit=SHOWN_RUNS + 1)
    failed = runs.standing_failures(db, connection.id)
    rows = _spaces(db, connection, stands.held, failed)
    asked = Asked(connection_id=connection.id)
    telling = replace(asked.wanted(now), levels=tuple(set(Level) - {Level.DEBUG}))
    lines = events.lines(db, telling, viewer=viewer, limit=SHOWN_LINES)
    return Overview(
        stands,
        spaces=tuple(rows[:SHOWN_SPACES]),
        more_spaces=len(rows[SHOWN_SPACES:]),
        log=tuple(
            LogLine(line.at, line.level, line.text, line.title or line.subject or line.source_id) for line in lines
        ),
        log_href=f"{PATH}?{asked.query}",
        history=tuple(sync_of(run) for run in past if run.state in ENDED)[:SHOWN_RUNS],
        failed=tuple(lacking(db, connection, each, viewer) for each in failed[:SHOWN_FAILURES]),
        more_failures=len(failed[SHOWN_FAILURES:]),
        rules=rules_of(audiences.when_read(db, connection.id), stands.held, viewer.rules_since),
        held_back=_held_back(db, connection.id),
        files=files_of(file_texts.tally(db, connection.id)),
        members=tuple((one.id, one.name) for one in members.every(db) if one.active),
    )


def files_of(tally: Mapping[tuple[Outcome, str], int]) -> tuple[FileRow, ...]:
    """What became of the text of files, in words; none where none was left out but for its kind."""
    if all(not cause for _, cause in tally):
        return ()
    read = sum(number for (outcome, _), number in tally.items() if outcome is Outcome.READ)
    rows = [
        FileRow(f"{cause or 'Files of their kind have no text that is read'}.", number)
        for (outcome, cause), number in tally.items()
        if outcome is not Outcome.READ
    ]
    return (FileRow("Their text is read.", read, read=True), *rows[:SHOWN_CAUSES])


def rules_of(read: Mapping[str, datetime | None], held: Held, since: datetime | None) -> Rules | None:
    """How old the rules are above what is held; None where nothing is. Those from before `since` let nobody in."""
    ages = [read.get(space_id) for space_id in held.by_space]
    believed = [at for at in ages if at is not None and (since is None or at >= since)]
    return Rules(min(believed, default=None), len(ages) - len(believed)) if ages else None


def _held_back(db: Connection, connection_id: int) -> tuple[HeldRow, ...]:
    """What of which spaces waits for a person's word."""
    asked = tombstones.questions(db, connection_id)[:SHOWN_SPACES]
    return tuple(HeldRow(each.space_key, each.number, each.live, tuple(_why(each))) for each in asked)


def _why(back: Question) -> Iterator[str]:
    """What Confluence says of what would leave: lost access looks otherwise than deletion."""
    if back.trashed:
        yield f"{back.trashed:,} in the trash of Confluence."
    if back.unseen and back.unseen >= back.live:
        yield "Nothing of it is shown to the account any more: this looks like lost access, not like deletion."
    elif back.unseen:
        yield f"{back.unseen:,} not shown to the account any more: deleted for good, or closed to it."


def space_of(failure: Failure) -> str:
    """The key of the space that a failure belongs to, "" where nothing tells."""
    named = _IN_NAME.search(failure.source_id) or _IN_ADDRESS.search(failure.url)
    return named[1] if named else ""


def lacking(db: Connection, connection: SavedConnection, failure: StandingFailure, viewer: Viewer) -> Lacking:
    """A failure as one admin may see it: content by its title where they may read it, else by its id."""
    told = Lacking(
        failure.title,
        failure.url,
        failure.cause,
        failure.first_seen,
        failure.last_seen,
        alone="" if failure.kind is None else failure.source_id,
        comes=failure.cause == COMES,
    )
    if not CONTENT.fullmatch(failure.source_id):
        return told
    found = documents.document(db, (connection.id, failure.source_id), viewer=viewer)
    title = f"Content {failure.source_id}" if found is None else found.title
    href = f"{connection.url}/pages/viewpage.action?pageId={failure.source_id.removeprefix('att')}"
    return replace(told, title=title, href=href)


def _spaces(
    db: Connection, connection: SavedConnection, held: Held, failed: Iterable[StandingFailure]
) -> list[SpaceRow]:
    """Those that are chosen, or of which something is held; what is not complete first, then the largest."""
    listed = content.listed_spaces(db, connection.id)
    failures = Counter(space_of(failure) for failure in failed)
    rows = [
        SpaceRow(
            key=space.key,
            name=space.name,
            url=space.url,
            held=held.by_space.get(space.id, 0),
            listed=listed.get(space.id, (None, None))[0],
            listed_at=listed.get(space.id, (None, None))[1],
            failed=failures[space.key],
            filtered=connection.filter.narrows,
        )
        for space in content.saved_spaces(db, connection.id)
        if space.id in held.by_space or _is_chosen(space, connection.chosen_spaces)
    ]
    return sorted(rows, key=lambda row: (-row.failed, row.badge is not FAILING, -row.held, row.key))


def _is_chosen(space: Space, keys: Collection[str] | None) -> bool:
    return keys is None or space.key in keys
