"""The forms that a person may choose for a macro instead of what its handler makes of it."""

from typing import Final

from mainstem.convert import nodes
from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler, lost, placeholder
from mainstem.convert.macros.wrappers import dropped, transparent
from mainstem.convert.plain import inline_text
from mainstem.wiki.conversion import MacroForm
from mainstem.wiki.documents import NoLinks
from mainstem.wiki.macros import Reason


def use(form: MacroForm, macro: Macro, handler: MacroHandler, flow: Flow) -> None:
    """Write a macro in the form that was chosen for it; `handler` is what renders it."""
    if form is MacroForm.PLACEHOLDER:
        placeholder(macro, flow, Reason.CHOSEN)
        return
    lost(macro, flow, Reason.CHOSEN)
    if form is MacroForm.DROP:
        dropped(macro, flow)
    elif macro.rich is not None:
        transparent(macro, flow)
    else:
        _words(macro, handler, flow)


def _words(macro: Macro, handler: MacroHandler, flow: Flow) -> None:
    """What a macro without content of its own says, without the looks: lozenges, drawings, code."""
    losses = dict(flow.reading.losses)
    inner = flow.inner()
    handler(macro, inner)
    flow.reading.losses = losses  # one use has one reason
    if not inner.blocks:
        flow.run += map(_plain, inner.run)
        return
    for block in inner.done():
        if isinstance(block, nodes.Code):
            _lines((block.title, *block.text.splitlines()), flow)
        elif isinstance(block, nodes.Paragraph):
            flow.block(nodes.Paragraph(tuple(map(_plain, block.content))))
        else:
            flow.block(block)


def _lines(lines: tuple[str, ...], flow: Flow) -> None:
    content: list[nodes.Inline] = []
    for line in filter(None, map(str.strip, lines)):
        content += [nodes.Break(), line] if content else [line]
    if content:
        flow.block(nodes.Paragraph(tuple(content)))


def _plain(part: nodes.Inline) -> nodes.Inline:
    """What leads somewhere, or has a name that only a reader's rights tell, stays as it is."""
    return f" {inline_text((part,), NoLinks())} " if isinstance(part, _LOOKS) else part


_LOOKS: Final = (nodes.Status, nodes.Issue, nodes.Formula, nodes.Diagram, nodes.Placeholder)
