"""How content is laid out: columns, tabs, cards, steps, numbered headings."""

from dataclasses import replace
from typing import Final

from mainstem.convert import nodes
from mainstem.convert.flow import Flow, walk
from mainstem.convert.macros.macro import Macro, MacroHandler, body_of, lost, simplified
from mainstem.convert.macros.wrappers import silent, transparent
from mainstem.wiki.macros import Reason

_NO_NUMBERS: Final = frozenset({"none", "empty"})
_PLAIN_NUMBERS: Final = frozenset({"", "decimal"})


def _columns(macro: Macro, flow: Flow) -> None:
    """`section`: its `column`s side by side, anything else as it comes."""
    if macro.rich is None:
        return
    flow.close()
    if len(macro.rich) < 2 or any(child.get("{ac}name") != "column" for child in macro.rich):
        rest = flow.inner()
        walk(macro.rich, rest)
        flow.blocks.extend(rest.done())
        return
    columns: list[tuple[nodes.Block, ...]] = []
    for child in macro.rich:
        inner = flow.inner()
        flow.reading.elements[str(child.tag)](child, inner)
        columns.append(inner.done())
    flow.blocks.append(nodes.Columns(tuple(columns)))


def _numbered(macro: Macro, flow: Flow) -> None:
    """Headings that count themselves: 1, 1.1, 1.1.1 and so on, as readers saw them."""
    blocks = body_of(macro, flow)
    if macro.text("number-format").lower() in _PLAIN_NUMBERS:
        first = macro.text("start-numbering-with")
        blocks = _counted(blocks, int(first) if first.isascii() and first.isdigit() and len(first) < 6 else 1)
    elif macro.text("number-format").lower() not in _NO_NUMBERS:
        lost(macro, flow, Reason.NUMBERS)
    flow.close()
    flow.blocks.extend(blocks)


def _counted(blocks: tuple[nodes.Block, ...], first: int) -> tuple[nodes.Block, ...]:
    top = min((block.level for block in blocks if type(block) is nodes.Heading), default=1)
    counts = [first - 1]
    counted: list[nodes.Block] = []
    for block in blocks:
        if type(block) is nodes.Heading:
            depth = block.level - top + 1
            counts = [*counts, *[0] * (depth - len(counts))][:depth]
            counts[-1] += 1
            number = ".".join(map(str, (count or 1 for count in counts)))
            block = replace(block, content=(f"{number} ", *block.content))
        counted.append(block)
    return tuple(counted)


_STACKED: Final = (
    *("ui-tabs", "ui-tab", "auitabs", "auitabspage", "deck", "card", "ui-steps", "ui-step", "tab", "tabs"),
    *("tab-group", "tab-pane", "localtabgroup", "localtab", "aura-tab", "aura-tab-collection", "auihorizontalnav"),
    *("auihorizontalnavpage", "card-group", "ui-text-box", "aura-cards", "aura-accordion-collection"),
)

HANDLERS: Final[dict[str, MacroHandler]] = {
    "section": _columns,
    **dict.fromkeys(("column", "column-layout"), silent),
    **dict.fromkeys(("numberedheadings", "numbered-headings"), _numbered),
    **dict.fromkeys(_STACKED, simplified(transparent, Reason.STACKED)),
}
