"""What Confluence's listing no longer names: asked for by id, judged, and only then made a tombstone (Y3, Y4).

Confluence's own word on a page - in the trash, archived, moved out of the chosen spaces - hides it at once; only what
would be deleted waits for a person where it is too much, as does all that stood in a space that is gone. Comments and
attachments of a page that left go with it and are not asked for.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from mainstem.confluence.client import Confluence
from mainstem.store import content, events, gaps, runs, seen, tombstones
from mainstem.store.chains import rebuild_chains
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.heads import Head, stored_heads
from mainstem.store.runs import Run
from mainstem.store.seen import Aspect
from mainstem.store.tombstones import State, Why
from mainstem.sync import log
from mainstem.sync.account import prove_account
from mainstem.sync.ledger import Writing, Written
from mainstem.sync.plan import DELETED, RETIRED, Brake, Scope, Verdict, judge_absent
from mainstem.sync.saving import save_met
from mainstem.wiki.content import Content, Kind


@dataclass(frozen=True, slots=True)
class Judged:
    """One absent document, why it leaves or stays, and what Confluence shows of it."""

    head: Head
    verdict: Verdict
    found: Content | None


@dataclass(frozen=True, slots=True)
class Absences:
    """Finds, judges and removes what a run did not meet any more. `gone`: ids of spaces that are shown no more."""

    confluence: Confluence
    engine: Engine
    connection: SavedConnection
    run: Run
    scope: Scope
    gone: frozenset[str]
    brake: Brake
    approved: bool

    async def settle(self, kinds: Collection[Kind], *, but: Collection[str], doubted: Collection[str] = ()) -> Writing:
        """Judge the absent of these kinds, except in the spaces `but`, whose listing broke off.

        In the `doubted` spaces, whose listing is shorter than Confluence counts, its silence on a page proves nothing.
        The sign-in is proved once more after they were asked for, before Confluence's silence on any of them counts.
        """
        absent, live = await asyncio.to_thread(self._absent, kinds, but)
        if not absent:
            return self._strand
        found = await self._ask(absent)
        await prove_account(self.confluence, self.connection)
        verdicts = judge_absent([head.source_id for head in absent], found, self.scope)
        judged = [Judged(head, verdicts[head.source_id], found.get(head.source_id)) for head in absent]
        kept = [one for one in judged if one.verdict is not Verdict.NOT_VISIBLE or one.head.space_id not in doubted]
        return lambda db, now: self._remove(db, now, kept, live)

    def _absent(self, kinds: Collection[Kind], but: Collection[str]) -> tuple[list[Head], dict[str, int]]:
        with reading(self.engine) as db:
            absent = seen.absent(db, self.run.id, kinds)
            found = stored_heads(db, self.run.connection_id, source_ids=absent) if absent else {}
            stranded = set(gaps.stranded(db, self.run.connection_id))
            live = gaps.live_in_spaces(db, self.run.connection_id, kinds)
        kept = [head for head in found.values() if head.document_id not in stranded and head.space_id not in but]
        return kept, live

    async def _ask(self, absent: Sequence[Head]) -> dict[str, Content]:
        by_kind: defaultdict[Kind, list[str]] = defaultdict(list)
        for head in absent:
            by_kind[head.kind].append(head.source_id)
        found: dict[str, Content] = {}
        for kind, ids in by_kind.items():
            found |= {there.id: there for there in await self.confluence.heads(ids, kind)}
        return found

    def _remove(self, db: Connection, now: datetime, judged: Sequence[Judged], live: dict[str, int]) -> Written:
        leaving = [one for one in judged if one.verdict in DELETED]
        per_space = Counter(one.head.space_id for one in leaving)
        braked = {space for space, number in per_space.items() if self._holds(space, number, live.get(space, 0))}
        going = [one for one in leaving if one.head.space_id not in braked]
        # Before anything that Confluence says of them hides them: their readers are those until now.
        self._note(db, now, judged, braked)
        shown = [one.found for one in judged if one.found is not None and one.verdict not in RETIRED]
        save_met(db, now, run=self.run, found=shown)
        there = [one.head.source_id for one in judged if one.verdict is Verdict.STILL_THERE]
        seen.note(db, self.run.id, there, Aspect.ASKED)
        tombstones.forget(db, [one.head.document_id for one in judged if one.verdict is Verdict.STILL_THERE])
        retired = [one.found for one in judged if one.found is not None and one.verdict in RETIRED]
        content.save_heads(db, self.run.connection_id, retired, now, in_scope=False)
        deleted = content.tombstone(db, [one.head.document_id for one in going], now)
        runs.clear_failures(db, self.run.connection_id, [one.head.source_id for one in going])
        events.log(db, log.unlisted(self.run, now, [(one.head.source_id, one.verdict) for one in judged]))
        stranded = strand(db, self.run.connection_id, now)
        rebuild_chains(db, self.run.connection_id)
        waiting = len(leaving) - len(going)
        if waiting:
            asked = [each for each in tombstones.questions(db, self.run.connection_id) if each.space_id in braked]
            events.log(db, [log.held(self.run, now, each) for each in asked])
        omitted = sum(one.verdict is Verdict.STILL_THERE for one in judged)
        counts = {"deleted": deleted + len(retired) + stranded, "waiting_deletions": waiting, "omitted": omitted}
        return Written(counts=counts, facts={"braked": sorted(braked)})

    def _note(self, db: Connection, now: datetime, judged: Sequence[Judged], braked: Collection[str]) -> None:
        for verdict, why in _WHY.items():
            of = [one.head for one in judged if one.verdict is verdict]
            waiting = {head.document_id for head in of if verdict in DELETED and head.space_id in braked}
            tombstones.note(db, waiting, why, now, state=State.WAITS)
            tombstones.note(db, {head.document_id for head in of} - waiting, why, now)

    def _holds(self, space_id: str, number: int, live: int) -> bool:
        return not self.approved and (space_id in self.gone or self.brake.holds(number, live))

    def _strand(self, db: Connection, now: datetime) -> Written:
        deleted = strand(db, self.run.connection_id, now)
        return Written(counts={"deleted": deleted}, facts={"braked": []})


_WHY = {
    Verdict.TRASHED: Why.TRASHED,
    Verdict.NOT_VISIBLE: Why.UNSEEN,
    Verdict.ARCHIVED: Why.ARCHIVED,
    Verdict.MOVED_AWAY: Why.MOVED,
}


def strand(db: Connection, connection_id: int, now: datetime) -> int:
    """Let the comments and files go whose page is gone; how many."""
    return content.tombstone(db, gaps.stranded(db, connection_id), now, Why.WITH_ITS_PAGE)
