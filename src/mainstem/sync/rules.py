"""Reads labels and own view restrictions: of the pages just fetched, of a whole space, and of what a bulk read omits.

A rule is only ever what Confluence said of that very page. What it did not say is a gap, which hides the page and all
below it until the rule is had (P1).
"""

from collections.abc import Sequence

from mainstem.confluence.client import Confluence
from mainstem.confluence.errors import BulkRulesBroken
from mainstem.errors import SkipItem
from mainstem.store.rules import RulesGap
from mainstem.store.runs import Failure
from mainstem.sync.alone import alone
from mainstem.sync.side_by_side import each
from mainstem.wiki.audience import Rules
from mainstem.wiki.content import Content, Kind

UNREAD = "Its readers are unknown"
"""How the cause of a failure begins that hides a page for want of its rules."""

FEW = 3
"""Up to this many pages, reading one by one costs no more than asking the search index and then for what it omits."""


async def read_rules(
    confluence: Confluence, contents: Sequence[Content], failures: list[Failure]
) -> list[Rules | RulesGap]:
    """The rules of these contents, in bulk as far as the search index knows them, then one by one."""
    found: dict[str, Rules | RulesGap] = {}
    for kind in (Kind.PAGE, Kind.BLOGPOST):
        ids = [content.id for content in contents if content.kind is kind]
        if len(ids) > FEW:
            try:
                found |= {rules.content_id: rules for rules in await confluence.rules_among(ids, kind)}
            except BulkRulesBroken:
                continue
    omitted = [content for content in contents if content.id not in found]
    return [*found.values(), *await read_singly(confluence, omitted, failures)]


async def read_singly(
    confluence: Confluence, contents: Sequence[Content], failures: list[Failure]
) -> list[Rules | RulesGap]:
    """The rules of each content by a call of its own; one that cannot be read is a gap and a failure."""

    async def one(content: Content) -> Rules | RulesGap:
        try:
            return await alone(confluence, confluence.rules_of(content.id, content.kind))
        except SkipItem as error:
            cause = f"{UNREAD}: {error}"
            failures.append(Failure(content.id, content.title, content.url, cause, content.kind))
            return RulesGap(content.id)

    return await each(one, contents)
