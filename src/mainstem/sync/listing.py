"""Turns what Confluence lists into batches that are ready to store: compared, fetched where changed, converted.

Nothing here writes. A body that cannot be had or converted is a failure of that one item (Y5). The rules of a page are
read after its body and stored with it, so that new text is never seen under rules older than itself.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Engine

from mainstem.confluence.client import Batch, Confluence
from mainstem.confluence.errors import ServerBroken
from mainstem.errors import SkipItem
from mainstem.store import seen
from mainstem.store.database import reading
from mainstem.store.heads import Head, stored_heads
from mainstem.store.rules import RulesGap
from mainstem.store.runs import Failure, Run
from mainstem.store.seen import Aspect
from mainstem.sync.alone import alone
from mainstem.sync.conversion import MANY, Conversion
from mainstem.sync.names import Names, mentions_people
from mainstem.sync.plan import Action, Step, plan_listed, shelved
from mainstem.sync.rules import FEW, read_rules
from mainstem.sync.side_by_side import each, together
from mainstem.wiki.audience import Rules
from mainstem.wiki.content import Content, Kind, Space
from mainstem.wiki.conversion import ConversionOptions
from mainstem.wiki.documents import Converted, LinkResolver
from mainstem.wiki.selection import SELECTED, Selection

WITH_BODY = frozenset({Kind.PAGE, Kind.BLOGPOST, Kind.COMMENT})
CONTAINED = frozenset({Kind.COMMENT, Kind.ATTACHMENT})
COMING = (Aspect.CHANGED_PAGE, Aspect.CHANGED_BLOGPOST, Aspect.CHANGED_ATTACHMENT, Aspect.CHANGED_COMMENT)
FILE_ONLY = Converted(passages=(), links=(), properties=(), extraction=0)

Saving = tuple[Content, str | None, Converted]
"""A content with its body, the hash of that body, and what was made of it."""


@dataclass(slots=True)
class Harvest:
    """One batch of a listing, ready to store. What is `put_off` is only noted, and takes its new place, for now."""

    actions: Sequence[Action]
    savings: list[Saving] = field(default_factory=list)
    rules: list[Rules | RulesGap] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    put_off: list[Content] = field(default_factory=list)

    def of(self, *steps: Step) -> list[Content]:
        """The contents for which one of these steps is planned."""
        return [action.content for action in self.actions if action.step in steps]

    def leave_out(self, left_out: Collection[str], heads: Mapping[str, Head]) -> None:
        """Keep these ids for the tree alone."""
        self.actions = [
            shelved(action, heads.get(action.content.id)) if action.content.id in left_out else action
            for action in self.actions
        ]

    @property
    def restricted(self) -> list[str]:
        """The ids of what a restriction names somebody for; who is in the groups that it names may be unread as yet."""
        return [each.content_id for each in self.rules if isinstance(each, Rules) and each.restriction is not None]

    @property
    def moves(self) -> bool:
        """Whether something that was stored before got another place, or came back to it."""
        return any(action.moved for action in self.actions)

    def counts(self, first: Collection[str]) -> dict[str, int]:
        """What this batch does to documents: how many are added, changed, unchanged and deleted.

        `first` are those that no batch named before: a list that broke off may be read again.
        """
        saved = {saving[0].id for saving in self.savings}
        return {
            "added": sum(content.id in saved for content in self.of(Step.ADD)),
            "changed": sum(content.id in saved for content in self.of(Step.UPDATE)) + len(self.of(Step.RESHAPE)),
            "unchanged": sum(content.id in first for content in self.of(Step.KEEP)),
            "deleted": len(self.of(Step.RETIRE)),
        }


def moved_of(actions: Iterable[Action]) -> list[str]:
    """The ids of what may have other readers by its new place; comments and files have those of what they belong to."""
    return [action.content.id for action in actions if action.moved and action.content.kind not in CONTAINED]


class _Known(NamedTuple):
    """The listed contents that belong to what is kept, and the heads stored under their ids.

    `early` are the ids of those that belong to what is itself still to be fetched.
    """

    contents: list[Content]
    early: set[str]
    heads: Mapping[str, Head]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the listings of one run. `people` gives the names of those who may be mentioned in a body."""

    confluence: Confluence
    engine: Engine
    run: Run
    people: Callable[[], Awaitable[LinkResolver]]
    conversion: Conversion
    selection: Selection
    options: ConversionOptions

    async def listed(
        self, spaces: Sequence[Space], kind: Kind, *, bodies: bool, start: str | None
    ) -> AsyncIterator[Batch]:
        """A listing of one kind from the cursor `start` on, as Confluence gives it."""
        reached = start
        try:
            async for batch in self.confluence.listing(spaces, kind, bodies=bodies, start=start):
                yield batch
                reached = batch.cursor
        except ServerBroken:
            if not bodies:
                raise
            # One body that Confluence cannot give fails every list it is in: list without bodies, fetch each alone.
            async for batch in self.listed(spaces, kind, bodies=False, start=reached):
                yield batch

    async def harvest(self, listed: Sequence[Content], *, put_off: bool = False) -> Harvest:
        """Plan a batch against what is stored, get the bodies and rules that it lacks, and convert.

        `put_off`: leave the bodies that are lacking for `changed`, when every place and rule above them is known anew,
        and with them whatever belongs to what is left.
        """
        known = await asyncio.to_thread(self._known, listed, early=put_off)
        harvest = Harvest(plan_listed(known.contents, known.heads, self.selection, wait=put_off))
        fresh = harvest.of(Step.ADD, Step.UPDATE)
        if put_off:
            harvest.put_off = [each for each in fresh if each.id in known.early or _lacks_body(each)]
            left = {each.id for each in harvest.put_off}
            fresh = [each for each in fresh if each.id not in left]
        had = await self._bodies([content for content in fresh if content.kind in WITH_BODY], harvest.failures)
        ruled = [content for content in fresh if content.kind not in CONTAINED and content.id in had]
        if self.selection.by_labels:
            await self._sift(harvest, ruled, had, known.heads)
            ruled = []
        async with together() as tasks:
            rules = tasks.create_task(read_rules(self.confluence, ruled, harvest.failures))
            converted = tasks.create_task(self._converted(list(had.values()), harvest.failures))
        harvest.rules += rules.result()
        bodiless = [content for content in fresh if content.kind not in WITH_BODY]
        harvest.savings += [(content, None, FILE_ONLY) for content in bodiless]
        harvest.savings += converted.result()
        return harvest

    async def _sift(
        self, harvest: Harvest, ruled: Sequence[Content], had: dict[str, Content], heads: Mapping[str, Head]
    ) -> None:
        """Read labels before anything is converted, and take from `had` what they do not let in."""
        harvest.rules += await read_rules(self.confluence, ruled, harvest.failures)
        labels = {rules.content_id: rules.labels for rules in harvest.rules if isinstance(rules, Rules)}
        asked = [content.id for content in ruled if content.kind in SELECTED]
        left_out = {id_ for id_ in asked if not self.selection.labelled(labels.get(id_))}
        harvest.leave_out(left_out, heads)
        for id_ in left_out:
            del had[id_]

    async def changed(self, ids: Sequence[str], kind: Kind) -> Harvest:
        """Contents that were put off, fetched in full now and harvested."""
        failures: list[Failure] = []
        had = await self._fetch(ids, kind, failures)
        harvest = await self.harvest(list(had.values()))
        harvest.failures += await asyncio.to_thread(self._named, failures)
        return harvest

    def _named(self, failures: Sequence[Failure]) -> list[Failure]:
        """The same failures with title and address, where the content is stored."""
        with reading(self.engine) as db:
            heads = stored_heads(db, self.run.connection_id, source_ids=[failure.source_id for failure in failures])
        return [
            replace(failure, title=heads[failure.source_id].title, url=heads[failure.source_id].url)
            if failure.source_id in heads
            else failure
            for failure in failures
        ]

    def _known(self, listed: Sequence[Content], *, early: bool) -> _Known:
        with reading(self.engine) as db:
            contents, before = list(listed), list[Content]()
            if containers := {content.container_id for content in listed if content.container_id is not None}:
                around = stored_heads(db, self.run.connection_id, source_ids=containers)
                spaces = {id_: head.space_id for id_, head in around.items() if head.in_scope and not head.deleted}
                contents = [
                    replace(content, space_id=spaces[content.container_id])
                    for content in listed
                    if content.container_id in spaces
                ]
                if early:
                    coming = seen.among(db, self.run.id, containers - spaces.keys(), COMING)
                    before = [content for content in listed if content.container_id in coming]
            ids = [content.id for content in (*contents, *before)]
            heads = stored_heads(db, self.run.connection_id, source_ids=ids)
            return _Known([*contents, *before], {content.id for content in before}, heads)

    async def _bodies(self, fresh: Sequence[Content], failures: list[Failure]) -> dict[str, Content]:
        had = {content.id: content for content in fresh if content.body is not None}
        listed = {content.id: content for content in fresh}
        for kind in WITH_BODY:
            missing = [content.id for content in fresh if content.kind is kind and content.id not in had]
            if missing:
                failed: list[Failure] = []
                fetched = await self._fetch(missing, kind, failed)
                had |= {id_: _placed(content, listed[id_]) for id_, content in fetched.items()}
                failures += [
                    replace(one, title=listed[one.source_id].title, url=listed[one.source_id].url) for one in failed
                ]
        return had

    async def _fetch(self, ids: Sequence[str], kind: Kind, failures: list[Failure]) -> dict[str, Content]:
        """Many at once; what a bulk read fails on is read in halves, what it leaves out one by one."""
        had = {content.id: content for content in await self._in_bulk(ids, kind)}

        async def one(content_id: str) -> Content | None:
            try:
                return await alone(self.confluence, self.confluence.content(content_id, kind))
            except SkipItem as error:
                failures.append(Failure(content_id, f"A {kind}", "", str(error), kind))
                return None

        singles = await each(one, [id_ for id_ in ids if id_ not in had])
        return had | {content.id: content for content in singles if content is not None}

    async def _in_bulk(self, ids: Sequence[str], kind: Kind) -> list[Content]:
        try:
            return await self.confluence.contents(ids, kind)
        except (SkipItem, ServerBroken):
            if len(ids) <= FEW:
                return []
        middle = len(ids) // 2
        return [*await self._in_bulk(ids[:middle], kind), *await self._in_bulk(ids[middle:], kind)]

    async def _converted(self, contents: Sequence[Content], failures: list[Failure]) -> list[Saving]:
        bodies = {content.id: content.body or "" for content in contents}
        made = await self._made(bodies)
        savings: list[Saving] = []
        for content in contents:
            body, converted = bodies[content.id], made[content.id]
            if isinstance(converted, str):
                failures.append(Failure(content.id, content.title, content.url, converted, content.kind))
            else:
                savings.append((content, sha256(body.encode("utf-8", "surrogatepass")).hexdigest(), converted))
        return savings

    async def _made(self, bodies: Mapping[str, str]) -> dict[str, Converted | str]:
        """What becomes of each body. One that mentions nobody need not wait until everybody's name is known."""
        mentioning = {id_: body for id_, body in bodies.items() if mentions_people(body)}
        others = {id_: body for id_, body in bodies.items() if id_ not in mentioning}
        convert = partial(self.conversion.convert, options=self.options, apart=len(bodies) >= MANY)
        made: dict[str, Converted | str] = {}
        if others:
            made.update(zip(others, await convert(list(others.values()), Names({})), strict=True))
        if mentioning:
            named = await convert(list(mentioning.values()), await self.people())
            made.update(zip(mentioning, named, strict=True))
        return made


def _lacks_body(content: Content) -> bool:
    return content.kind in WITH_BODY and content.body is None


def _placed(had: Content, listed: Content) -> Content:
    """A body as fetched, in the place that the listing told of: a single read may know less of space and container."""
    return replace(had, space_id=listed.space_id or had.space_id, container_id=listed.container_id or had.container_id)
