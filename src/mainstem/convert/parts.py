"""Of a body only the parts of one kind, wherever they stand: many times faster to read than the whole.

For pages that show parts of others: excerpts, page properties, tasks.
"""

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Final

from lxml import etree
from lxml.etree import _Element as Element

from mainstem.convert import macros, nodes
from mainstem.convert.elements import document_of, new_flow
from mainstem.convert.flow import read
from mainstem.wiki.conversion import ConversionOptions


class Part(StrEnum):
    """What can be read of a body alone."""

    EXCERPTS = "excerpts"
    PROPERTIES = "properties"
    TASKS = "tasks"


def read_parts(root: Element, size: int, part: Part, options: ConversionOptions) -> nodes.Document:
    """The tree of those elements alone that make up one kind of part; one within another is read with it."""
    flow = new_flow(options)
    wanted, inside = _IS_PART[part], 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if wanted(element):
            if event == "start" and not inside:
                read(element, flow)
                flow.close()
            inside += 1 if event == "start" else -1
    return document_of(flow, size)


def _macro_of(names: Collection[str]) -> Callable[[Element], bool]:
    def wanted(element: Element) -> bool:
        name = element.get("{ac}name") or element.get("name") or ""
        return element.tag in ("{ac}structured-macro", "{ac}macro") and name.lower() in names

    return wanted


_IS_PART: Final[dict[Part, Callable[[Element], bool]]] = {
    Part.EXCERPTS: _macro_of(macros.EXCERPTS),
    Part.PROPERTIES: _macro_of(macros.PROPERTIES),
    Part.TASKS: lambda element: element.tag == "{ac}task-list",
}
