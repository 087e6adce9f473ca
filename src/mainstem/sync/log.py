"""What a run tells the log: how it began and ended, what it waited for, and what it could not have, with the repair.

Causes are the texts of errors, which hold no secrets; documents are named by their ids, for their titles are not for
everyone who reads a log.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from mainstem.confluence.catalogue import BY_ERROR
from mainstem.confluence.client import Waiting
from mainstem.confluence.errors import SignInRejected
from mainstem.errors import MainstemError
from mainstem.store import events, runs
from mainstem.store.events import Event, Level
from mainstem.store.met_spaces import MetSpace, Standing
from mainstem.store.runs import Failure, Run, RunState
from mainstem.store.tombstones import Question

CONTENT = re.compile(r"(att)?\d+")
"""How Confluence numbers contents. Failures of anything else are filed under words."""

TOLD = ("added", "changed", "unchanged", "deleted", "requests")
"""The counters that the end of a run names, in this order."""

COMES = "It can be read now, and comes in with the next sync"
"""The cause of a failure that was tried again alone, and is none any more."""

BECOMES = {
    Standing.KNOWN: "it is as it was chosen",
    Standing.ADDED: "it comes in",
    Standing.WAITS: "it waits for a person to decide",
    Standing.CLOSED: "it stays outside until nobody needs to sign in to it",
    Standing.IGNORED: "it stays outside",
}
"""What the rule for later spaces makes of one, in words."""

ANSWER = "See in Confluence whether they were meant to go.\nThen answer on the page of the connection."


def begun(run: Run, now: datetime, *, resumed: bool) -> Event:
    """A run begins, or goes on behind its last batch."""
    return _line(run, now, Level.INFO, "Sync resumed" if resumed else "Sync started")


def ended(run: Run, now: datetime, *, cause: MainstemError | str | None = None) -> Event:
    """A run has ended as its row says; `cause` is why it did not end well."""
    if run.state is RunState.DONE:
        return _done(run, now)
    text, level = "Sync failed", Level.ERROR
    if run.state is RunState.CANCELLED:
        text, level = "Sync stopped" if run.stop else "Sync superseded", Level.WARNING
    elif isinstance(cause, SignInRejected):
        text = "Sign-in lost"
    said, step = cause_and_repair(str(cause or ""))
    entry = BY_ERROR.get(type(cause)) if isinstance(cause, MainstemError) else None
    repair = "\n".join(entry.fixes) if entry else step
    kind = {"error": type(cause).__name__} if isinstance(cause, MainstemError) else {}
    return _line(run, now, level, text, said, repair, **kind)


def finish(db: Connection, run: Run, state: RunState, now: datetime, cause: MainstemError | str | None = None) -> None:
    """End a run, in its row and in the log."""
    runs.finish(db, run.id, state, now, None if cause is None else str(cause))
    events.log(db, [ended(runs.run(db, run.id) or run, now, cause=cause)])


def at_work(run: Run, now: datetime, phase: str, counts: Mapping[str, int]) -> Event:
    """A phase begins, or a batch of it did something."""
    amounts = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    level = Level.INFO if counts else Level.DEBUG
    return _line(run, now, level, f"{phase}: {amounts}" if amounts else f"Begins: {phase}", "", "", **counts)


def waited(run: Run, now: datetime, waiting: Waiting) -> Event:
    """Confluence asks for patience."""
    text = f"Waiting for Confluence, resumes in {waiting.seconds:.0f} s"
    return _line(run, now, Level.INFO, text, waiting.reason, seconds=round(waiting.seconds))


def not_had(run: Run, now: datetime, failures: Iterable[Failure]) -> list[Event]:
    """A line for each thing that could not be had."""
    return [_not_had(run, now, failure) for failure in failures]


def readable(run: Run, now: datetime, source_id: str) -> Event:
    """Somebody tried a content again alone, and it can be read."""
    return Event(run.connection_id, run.id, now, Level.INFO, "Can be read again", source_id=source_id)


def held(run: Run, now: datetime, asked: Question) -> Event:
    """So many deletions of one space wait for a person."""
    number = asked.number
    text = f"{number:,} deletions wait for an answer" if number > 1 else "1 deletion waits for an answer"
    cause = "More of a space would go at once than the brake lets through"
    facts = {"live": asked.live, "trashed": asked.trashed, "unseen": asked.unseen}
    line = _line(run, now, Level.WARNING, text, cause, ANSWER, space=asked.space_key, **facts)
    return replace(line, subject=f"Space {asked.space_key}")


def unlisted(run: Run, now: datetime, verdicts: Sequence[tuple[str, str]]) -> list[Event]:
    """A line for each content, by its id, that a listing no longer names, with what became of it."""
    return [
        Event(run.connection_id, run.id, now, Level.INFO, f"No longer listed: {verdict}", source_id=source_id)
        for source_id, verdict in verdicts
    ]


def met(run: Run, now: datetime, spaces: Iterable[MetSpace]) -> list[Event]:
    """A line for each space that was created since the choice was made, with what the rule makes of it."""
    return [
        replace(_line(run, now, Level.INFO, f"New space: {BECOMES[each.standing]}"), subject=f"Space {each.key}")
        for each in spaces
    ]


def selected(run: Run, now: datetime, *, leaving: int, entering: int) -> list[Event]:
    """What the filter of the connection changes: so many documents leave by it, so many enter."""
    if not leaving and not entering:
        return []
    text = f"The filter leaves {leaving:,} more out and lets {entering:,} more in"
    return [_line(run, now, Level.INFO, text, leaving=leaving, entering=entering)]


def cause_and_repair(sentence: str) -> tuple[str, str]:
    """A sentence of an error in two: what is wrong, and the next step that it ends with."""
    cause, apart, step = sentence.rpartition("; ")
    return (cause, step[:1].upper() + step[1:]) if apart else (sentence, "")


def _done(run: Run, now: datetime) -> Event:
    told = {name: run.counters.get(name, 0) for name in TOLD}
    amounts = ", ".join(f"{count:,} {name}" for name, count in told.items())
    return _line(run, now, Level.INFO, f"Sync finished: {amounts}", "", "", **dict(run.counters))


def _not_had(run: Run, now: datetime, failure: Failure) -> Event:
    cause, repair = cause_and_repair(failure.cause)
    content = CONTENT.fullmatch(failure.source_id)
    return Event(
        run.connection_id,
        run.id,
        now,
        Level.WARNING,
        "Could not be read",
        cause,
        repair,
        subject="" if content else failure.title,
        source_id=failure.source_id if content else "",
    )


def _line(
    run: Run, now: datetime, level: Level, text: str, cause: str = "", repair: str = "", **facts: str | int
) -> Event:
    return Event(run.connection_id, run.id, now, level, text, cause, repair, facts=facts)
