"""What to do about each thing that Confluence lists or no longer lists. Pure: no clock, no network, no database.

A listing that was followed to its end is still no proof that what it omits is gone: a server may cut a listing short
and call it whole. So the absent are asked for by id, and only Confluence's own word on each - or its silence, in a
run whose sign-in was proved again - becomes a tombstone (Y4). Doubt keeps.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from mainstem.store.heads import Head
from mainstem.wiki.content import Content, Status
from mainstem.wiki.selection import EVERYTHING, SELECTED, Selection

EVERYTHING_NOW = Selection(EVERYTHING, datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a connection keeps: the ids of its spaces. `outside` are those it leaves out; None: all others. `archived`:
    archived pages too.

    A connection of all spaces leaves out only what a listing named, so that one cut short puts nothing outside.
    """

    space_ids: frozenset[str]
    outside: frozenset[str] | None = None
    archived: bool = False

    def leaves_out(self, space_id: str) -> bool:
        """Whether this space is surely not among those that are kept; "" is a space that was not told."""
        if self.outside is None:
            return bool(space_id) and space_id not in self.space_ids
        return space_id in self.outside


class Step(StrEnum):
    """What becomes of one listed item."""

    ADD = "add"
    UPDATE = "update"
    RESHAPE = "reshape"
    SHELVE = "shelve"
    RETIRE = "retire"
    KEEP = "keep"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Action:
    """One item and what becomes of it.

    ADD and UPDATE need its body; RESHAPE stores a new title, place or address; SHELVE stores that it exists, for the
    tree and its restrictions, without making it a document, and RETIRE does so to what was one; KEEP writes nothing
    of a document, IGNORE nothing of what is shelved already, or was restored. `moved`: something that is stored under
    its id gets another place or status, or comes back to its place, and so may other readers, with all that stands
    below it.
    """

    step: Step
    content: Content
    moved: bool


def plan_listed(
    listed: Iterable[Content], stored: Mapping[str, Head], selection: Selection | None = None, *, wait: bool = False
) -> list[Action]:
    """One action for each listed item; `stored` holds the heads known under the same ids.

    What `selection` leaves out by its dates is shelved, or retired where it was a document. `wait`: what is shelved and
    may come in by its labels stays shelved for now, for a listing tells none.
    """
    planned: list[Action] = []
    for content in listed:
        head = stored.get(content.id)
        step = _step(content, head, selection, wait=wait)
        stays = head is None or (step is Step.IGNORE and head.restored)
        moved = head is not None and not stays and (head.deleted or _moved(content, head))
        planned.append(Action(step, content, moved))
    return planned


def shelved(action: Action, head: Head | None) -> Action:
    """The same item, kept for the tree alone."""
    return replace(action, step=_shelving(action.content, head))


def _step(content: Content, head: Head | None, selection: Selection | None, *, wait: bool) -> Step:
    chosen = selection or EVERYTHING_NOW
    if not chosen.alive(content.status) or _left_out(content, head, chosen, wait=wait):
        return _shelving(content, head)
    if head is None or head.deleted or not head.in_scope:
        return Step.ADD
    if head.version != content.version:
        return Step.UPDATE
    return Step.RESHAPE if _reshaped(content, head) else Step.KEEP


def _left_out(content: Content, head: Head | None, selection: Selection, *, wait: bool) -> bool:
    if content.kind not in SELECTED:
        return False
    shelved_so_far = head is not None and not head.deleted and not head.in_scope
    outside = head is None or head.deleted or not head.in_scope
    # Where it stands is known when everything is listed; what its labels are, of what was listed before.
    waits = wait and ((selection.by_labels and shelved_so_far) or (selection.by_place and outside))
    return waits or not selection.in_time(content.created_at, content.modified_at)


def _shelving(content: Content, head: Head | None) -> Step:
    if head is not None and head.restored:
        return Step.IGNORE
    if head is not None and head.in_scope and not head.deleted:
        return Step.RETIRE
    if head is None or head.deleted or _reshaped(content, head) or head.modified_at != content.modified_at:
        return Step.SHELVE
    return Step.IGNORE


def _reshaped(content: Content, head: Head) -> bool:
    """Whether anything but the body differs. Position among siblings is not compared: it is order, not content."""
    return head.title != content.title or head.url != content.url or _moved(content, head)


def _moved(content: Content, head: Head) -> bool:
    return (
        head.parent_id != content.parent_id
        or (bool(content.space_id) and head.space_id != content.space_id)
        or head.container_id != content.container_id
        or head.status is not content.status
    )


class Verdict(StrEnum):
    """Why an absent item leaves, or why it stays."""

    TRASHED = "trashed"
    ARCHIVED = "archived"
    MOVED_AWAY = "moved out of the chosen spaces"
    NOT_VISIBLE = "deleted, or no longer visible to the account"
    STILL_THERE = "still there, though the listing omitted it"


DELETED = frozenset({Verdict.TRASHED, Verdict.NOT_VISIBLE})
"""These become tombstones, unless so many would that a person must decide."""

RETIRED = frozenset({Verdict.ARCHIVED, Verdict.MOVED_AWAY})
"""These leave what is kept by Confluence's own word, and come back by it: nothing of them is deleted."""


def judge_absent(absent: Collection[str], found: Mapping[str, Content], scope: Scope) -> dict[str, Verdict]:
    """A verdict for each absent id; `found` is what Confluence answered when asked for exactly these ids."""
    return {source_id: _verdict(found.get(source_id), scope) for source_id in absent}


def _verdict(content: Content | None, scope: Scope) -> Verdict:
    if content is None:
        return Verdict.NOT_VISIBLE
    if content.status in (Status.TRASHED, Status.DELETED):
        return Verdict.TRASHED
    if content.status is Status.ARCHIVED and not scope.archived:
        return Verdict.ARCHIVED
    if scope.leaves_out(content.space_id):
        return Verdict.MOVED_AWAY
    return Verdict.STILL_THERE


@dataclass(frozen=True, slots=True)
class Brake:
    """When deletions wait for a person: more than `pages` and more than `share` of a space (Y4)."""

    pages: int = 20
    share: float = 0.10

    def holds(self, leaving: int, live: int) -> bool:
        """Whether `leaving` of `live` documents of a space are too many to remove unasked."""
        return leaving > self.pages and leaving > self.share * live
