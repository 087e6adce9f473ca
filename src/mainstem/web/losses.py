"""What the page of a document says of its own macros: how many did not come out as they were, which, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from mainstem.web import addresses
from mainstem.web.words import Link, counted
from mainstem.wiki.macros import WHY, MacroUse, Treatment

_WORDS = {Treatment.SIMPLIFIED: "simplified", Treatment.PLACEHOLDER: "not shown"}


@dataclass(frozen=True, slots=True)
class Losses:
    """What a document says of its own macros: a heading, "" where they all came out as they were, and why not.

    Each row is some macros, each with where admins choose another form for it, and one sentence for all of them.
    """

    heading: str = ""
    rows: tuple[tuple[tuple[Link, ...], str], ...] = ()


def losses_of(uses: Sequence[MacroUse], connection_id: int) -> Losses:
    """The losses of one document of a connection."""
    lost = [(use, WHY[use.reason]) for use in uses if use.reason is not None]
    if not lost:
        return Losses()
    amounts = {kind: sum(use.uses for use, _ in lost if use.treatment is kind) for kind in _WORDS}
    said = [f"{number:,} {_WORDS[kind]}" for kind, number in amounts.items() if number]
    macros = counted(sum(amounts.values()), "macro", "macros")
    heading = f"{macros}: {', '.join(said)}" if len(said) > 1 else f"{macros} {said[0].partition(' ')[2]}"
    by_reason: dict[str, list[Link]] = {}
    for use, why in lost:
        by_reason.setdefault(why, []).append(_named(use, connection_id))
    return Losses(heading, tuple((tuple(named), why) for why, named in by_reason.items()))


def _named(use: MacroUse, connection_id: int) -> Link:
    times = f"({use.uses} times)" if use.uses > 1 else ""
    return Link(use.name, addresses.conversion(connection_id, use.name), times)
