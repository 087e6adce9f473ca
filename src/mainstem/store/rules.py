"""Saving what bulk reads tell of contents beside their bodies: labels and own view restrictions.

Labels go to the journal, for search knows them; restrictions do not: they are joined when somebody reads.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from mainstem.store import journal
from mainstem.store.audiences import HolderKind, clause_digest, restriction_digests, save_clauses
from mainstem.store.chains import RulesState
from mainstem.store.filing import file_anew
from mainstem.store.tables import documents, labels
from mainstem.store.upsert import chunks
from mainstem.wiki.audience import Rules


@dataclass(frozen=True, slots=True)
class RulesGap:
    """Rules that could not be had: FAILED (or UNREAD, to wait for another try); hides the content and all below it."""

    content_id: str
    state: RulesState = RulesState.FAILED


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """What a save of rules changed, in documents.

    `tightened`: a restriction appeared, or is no longer known; unless it is 0, call `chains.rebuild_chains` before the
    transaction commits. `loosened`: one went or became known, so more may be seen once the chains are rebuilt, which
    can wait. A restriction that only names others is neither. `relabelled`: other labels than were read before; a
    content whose rules were never read has none yet. `widened`: the ids of those that somebody may see who could not.
    """

    tightened: int
    loosened: int
    relabelled: int
    widened: tuple[str, ...]


def save_rules(db: Connection, connection_id: int, found: Sequence[Rules | RulesGap]) -> RulesChanged:
    """Save labels and own restrictions; contents not stored are passed over."""
    latest = {rules.content_id: rules for rules in found}
    stored = _stored(db, connection_id, list(latest))
    known = {id_: latest[id_] for id_ in stored}
    read = {id_: rules for id_, rules in known.items() if isinstance(rules, Rules)}
    restrictions = {id_: rules.restriction for id_, rules in read.items() if rules.restriction is not None}
    before = restriction_digests(db, connection_id, list(restrictions))
    save_clauses(db, connection_id, HolderKind.CONTENT, restrictions)
    widened = tuple(id_ for id_, rules in read.items() if _widens(stored[id_], before.get(id_), rules))
    changed = _save_labels(db, {stored[id_].id: set(rules.labels) for id_, rules in read.items()})
    file_anew(db, connection_id, changed)
    relabelled = sum(stored[id_].id in changed and stored[id_].rules_state != RulesState.UNREAD for id_ in read)
    tightened, loosened = _save_states(db, [(stored[id_], _state(rules)) for id_, rules in known.items()])
    return RulesChanged(tightened, loosened, relabelled, widened)


def _widens(before: Row[Any], digest: str | None, rules: Rules) -> bool:
    if before.rules_state == RulesState.OPEN:
        return False
    if before.rules_state == RulesState.RESTRICTED and rules.restriction is not None:
        return digest != clause_digest(rules.restriction)
    return True


def _state(rules: Rules | RulesGap) -> RulesState:
    if isinstance(rules, RulesGap):
        return rules.state
    return RulesState.OPEN if rules.restriction is None else RulesState.RESTRICTED


def _stored(db: Connection, connection_id: int, source_ids: Sequence[str]) -> dict[str, Row[Any]]:
    found: dict[str, Row[Any]] = {}
    for some in chunks(source_ids):
        statement = select(documents.c.source_id, documents.c.id, documents.c.rules_state).where(
            documents.c.connection_id == connection_id, documents.c.source_id.in_(some)
        )
        found |= {row.source_id: row for row in db.execute(statement)}
    return found


_CLOSED = frozenset({RulesState.UNREAD, RulesState.FAILED})


def _save_states(db: Connection, states: Sequence[tuple[Row[Any], RulesState]]) -> tuple[int, int]:
    changed = [(row, state) for row, state in states if row.rules_state != state]
    if changed:
        statement = update(documents).where(documents.c.id == bindparam("document"))
        rows = [{"document": row.id, "state": state} for row, state in changed]
        db.execute(statement.values(rules_state=bindparam("state")), rows)
    # What was closed to everybody can only open; of the rest, only what is open now has opened.
    loosened = sum(row.rules_state in _CLOSED or state is RulesState.OPEN for row, state in changed)
    return len(changed) - loosened, loosened


def _save_labels(db: Connection, wanted: Mapping[int, set[str]]) -> set[int]:
    before: defaultdict[int, set[str]] = defaultdict(set)
    for some in chunks(list(wanted)):
        statement = select(labels.c.document_id, labels.c.label).where(labels.c.document_id.in_(some))
        for document_id, label in db.execute(statement):
            before[document_id].add(label)
    changed = {document_id for document_id, names in wanted.items() if before[document_id] != names}
    for some in chunks(sorted(changed)):
        db.execute(delete(labels).where(labels.c.document_id.in_(some)))
    rows = [{"document_id": id_, "label": label} for id_ in sorted(changed) for label in sorted(wanted[id_])]
    if rows:
        db.execute(insert(labels), rows)
    journal.append(db, changed)
    return changed
