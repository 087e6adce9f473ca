"""What the page of a document says of its own macros: how many did not come out as they were, which, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from mainstem.web.words import counted
from mainstem.wiki.macros import WHY, MacroUse, Treatment

_WORDS = {Treatment.SIMPLIFIED: "simplified", Treatment.PLACEHOLDER: "not shown"}


@dataclass(frozen=True, slots=True)
class Losses:
    """What a document says of its own macros: a heading, "" where they all came out as they were, and why not.

    Each row is some macros in a line, and one sentence for all of them.
    """

    heading: str = ""
    rows: tuple[tuple[str, str], ...] = ()


def losses_of(uses: Sequence[MacroUse]) -> Losses:
    """The losses of one document."""
    lost = [(use, WHY[use.reason]) for use in uses if use.reason is not None]
    if not lost:
        return Losses()
    amounts = {kind: sum(use.uses for use, _ in lost if use.treatment is kind) for kind in _WORDS}
    said = [f"{number:,} {_WORDS[kind]}" for kind, number in amounts.items() if number]
    macros = counted(sum(amounts.values()), "macro", "macros")
    heading = f"{macros}: {', '.join(said)}" if len(said) > 1 else f"{macros} {said[0].partition(' ')[2]}"
    by_reason: dict[str, list[str]] = {}
    for use, why in lost:
        by_reason.setdefault(why, []).append(_named(use))
    return Losses(heading, tuple((", ".join(names), why) for why, names in by_reason.items()))


def _named(use: MacroUse) -> str:
    return f"{use.name} ({use.uses} times)" if use.uses > 1 else use.name
