"""Writes what was read: one harvested batch of a listing, or a batch of rules; and counts what that did."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from mainstem.store import content, runs, seen
from mainstem.store.chains import rebuild_chains
from mainstem.store.heads import stored_heads
from mainstem.store.rules import RulesGap, save_rules
from mainstem.store.runs import Run
from mainstem.store.seen import Aspect
from mainstem.sync.ledger import Written, note_failures
from mainstem.sync.listing import Harvest, moved_of
from mainstem.sync.plan import Step, plan_listed
from mainstem.wiki.audience import Rules
from mainstem.wiki.content import Content, Kind

CHANGED = {
    Kind.PAGE: Aspect.CHANGED_PAGE,
    Kind.BLOGPOST: Aspect.CHANGED_BLOGPOST,
    Kind.COMMENT: Aspect.CHANGED_COMMENT,
    Kind.ATTACHMENT: Aspect.CHANGED_ATTACHMENT,
}
"""Where contents that were put off are noted, by kind."""


def save_harvest(db: Connection, now: datetime, *, run: Run, harvest: Harvest, hold: bool = False) -> Written:
    """Store a batch of a listing. What was moved hides with it: not all rules above its new place are known yet.

    `hold`: so does all that is new or changed in it.
    """
    content.save_documents(db, run.connection_id, harvest.savings, now)
    content.save_heads(db, run.connection_id, harvest.of(Step.RESHAPE), now)
    content.save_heads(db, run.connection_id, harvest.of(Step.SHELVE, Step.RETIRE), now, in_scope=False)
    content.save_places(db, run.connection_id, harvest.put_off)
    content.hold(db, run.connection_id, moved_of(harvest.actions))
    if hold:
        fresh = [*(saving[0] for saving in harvest.savings), *harvest.of(Step.RESHAPE)]
        content.hold(db, run.connection_id, [each.id for each in fresh])
    first = seen.note(db, run.id, [action.content.id for action in harvest.actions], Aspect.LISTED)
    for content_kind, aspect in CHANGED.items():
        put_off = [each.id for each in harvest.put_off if each.kind is content_kind]
        seen.note(db, run.id, put_off, aspect)
    runs.clear_failures(db, run.connection_id, [saving[0].id for saving in harvest.savings])
    note_failures(db, run, harvest.failures, now)
    save_found_rules(db, now, run=run, found=harvest.rules)
    if harvest.moves:
        rebuild_chains(db, run.connection_id)
    return Written(counts=harvest.counts(first), hidden=bool(harvest.of(Step.ADD)))


def save_met(db: Connection, now: datetime, *, run: Run, found: Collection[Content]) -> None:
    """Store where contents stand that no listing named: documents in their new place, all others for the tree alone."""
    heads = stored_heads(db, run.connection_id, source_ids=[each.id for each in found])
    documents = {id_ for id_, head in heads.items() if head.in_scope and not head.deleted}
    moved = moved_of(plan_listed(found, heads))
    content.save_places(db, run.connection_id, [each for each in found if each.id in documents])
    others = [each for each in found if each.id not in documents]
    content.save_heads(db, run.connection_id, others, now, in_scope=False)
    content.hold(db, run.connection_id, moved)
    if moved:
        rebuild_chains(db, run.connection_id)


def save_found_rules(
    db: Connection, _: datetime, *, run: Run, found: Collection[Rules | RulesGap], hold: bool = False
) -> Written:
    """Store labels and restrictions as read just now; a document with other labels than before counts as changed.

    `hold`: whatever may have got readers by that waits for the rest of the rules, and is hidden meanwhile.
    """
    changed = save_rules(db, run.connection_id, list(found))
    seen.note(db, run.id, [each.content_id for each in found], Aspect.RULES)
    if hold:
        content.hold(db, run.connection_id, changed.widened)
    if changed.tightened or (hold and changed.widened):
        rebuild_chains(db, run.connection_id)
    counts = {"changed": changed.relabelled, "unchanged": -changed.relabelled}
    return Written(counts=counts, hidden=bool(changed.loosened))
