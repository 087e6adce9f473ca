"""What Confluence's listing no longer names: asked for by id, judged, and only then made a tombstone (Y3, Y4).

Confluence's own word on a page - in the trash, archived, moved out of the chosen spaces - hides it at once; only what
would be deleted waits for a person where it is too much. Comments and attachments of a page that left go with it and
are not asked for.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from mainstem.confluence.client import Confluence
from mainstem.store import content, events, gaps, runs, seen
from mainstem.store.chains import rebuild_chains
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.heads import Head, stored_heads
from mainstem.store.runs import Run
from mainstem.store.seen import Aspect
from mainstem.sync import log
from mainstem.sync.account import prove_account
from mainstem.sync.ledger import Writing, Written
from mainstem.sync.log import HeldBack
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
    """Finds, judges and removes what a run did not meet any more."""

    confluence: Confluence
    engine: Engine
    connection: SavedConnection
    run: Run
    scope: Scope
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
        shown = [one.found for one in judged if one.found is not None and one.verdict not in RETIRED]
        save_met(db, now, run=self.run, found=shown)
        there = [one.head.source_id for one in judged if one.verdict is Verdict.STILL_THERE]
        seen.note(db, self.run.id, there, Aspect.ASKED)
        retired = [one.found for one in judged if one.found is not None and one.verdict in RETIRED]
        content.save_heads(db, self.run.connection_id, retired, now, in_scope=False)
        leaving = [one for one in judged if one.verdict in DELETED]
        per_space = Counter(one.head.space_id for one in leaving)
        braked = {space for space, number in per_space.items() if self._holds(number, live.get(space, 0))}
        going = [one for one in leaving if one.head.space_id not in braked]
        deleted = content.tombstone(db, [one.head.document_id for one in going], now)
        runs.clear_failures(db, self.run.connection_id, [one.head.source_id for one in going])
        events.log(db, log.unlisted(self.run, now, [(one.head.source_id, one.verdict) for one in judged]))
        stranded = self._strand(db, now).counts["deleted"]
        rebuild_chains(db, self.run.connection_id)
        waiting = len(leaving) - len(going)
        if waiting:
            keys = {space.id: space.key for space in content.saved_spaces(db, self.run.connection_id)}
            held = [_held(leaving, space, keys.get(space, space), live.get(space, 0)) for space in sorted(braked)]
            events.log(db, [log.held(self.run, now, each) for each in held])
        omitted = sum(one.verdict is Verdict.STILL_THERE for one in judged)
        counts = {"deleted": deleted + len(retired) + stranded, "waiting_deletions": waiting, "omitted": omitted}
        return Written(counts=counts, facts={"braked": sorted(braked)})

    def _holds(self, number: int, live: int) -> bool:
        return not self.approved and self.brake.holds(number, live)

    def _strand(self, db: Connection, now: datetime) -> Written:
        deleted = content.tombstone(db, gaps.stranded(db, self.run.connection_id), now)
        return Written(counts={"deleted": deleted}, facts={"braked": []})


def _held(leaving: Sequence[Judged], space_id: str, key: str, live: int) -> HeldBack:
    verdicts = Counter(one.verdict for one in leaving if one.head.space_id == space_id)
    return HeldBack(key, live, trashed=verdicts[Verdict.TRASHED], unseen=verdicts[Verdict.NOT_VISIBLE])
