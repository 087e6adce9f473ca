"""Columns."""

from typing import Final

from mainstem.convert import nodes
from mainstem.convert.flow import Flow, walk
from mainstem.convert.macros.macro import Macro, MacroHandler


def _columns(macro: Macro, flow: Flow) -> None:
    """`section`: its `column`s side by side, anything else as it comes."""
    if macro.rich is None:
        return
    flow.close()
    columns: list[tuple[nodes.Block, ...]] = []
    rest = flow.inner()
    for child in macro.rich:
        if child.get("{ac}name") == "column":
            inner = flow.inner()
            flow.reading.elements[str(child.tag)](child, inner)
            columns.append(inner.done())
    if len(columns) > 1 and len(columns) == len(macro.rich):
        flow.blocks.append(nodes.Columns(tuple(columns)))
    else:
        walk(macro.rich, rest)
        flow.blocks.extend(rest.done())


HANDLERS: Final[dict[str, MacroHandler]] = {"section": _columns}
