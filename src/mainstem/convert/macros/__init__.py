"""What each macro becomes: a plain dict from the macro's storage name to a small handler, a module a family.

To add one: write a function that takes a `Macro` and the flow, enter it in its family's `HANDLERS`, add an example to
the tests. A macro without an entry keeps its text and leaves a placeholder that names it.
"""

from collections.abc import Mapping
from typing import Final

from lxml.etree import _Element as Element

from mainstem.convert.flow import Flow, read
from mainstem.convert.macros import (
    absent,
    code,
    diagrams,
    forms,
    jira,
    layout,
    live,
    math,
    media,
    panels,
    people,
    plans,
    text,
    wrappers,
)
from mainstem.convert.macros.macro import Macro, MacroHandler
from mainstem.wiki.conversion import MacroForm

_NO_PARAMETERS: Final[Mapping[str, Element]] = {}


def macro(element: Element, flow: Flow) -> None:
    """`ac:structured-macro` and the old `ac:macro`."""
    name = element.get("{ac}name") or element.get("name") or ""
    parameters: dict[str, Element] = {}
    rich: Element | None = None
    plain: str | None = None
    stray: list[Element | str] = [element.text] if element.text else []
    for child in element:
        tag = child.tag
        if tag == "{ac}parameter":
            parameters.setdefault(child.get("{ac}name") or "", child)
        elif tag == "{ac}rich-text-body":
            rich = child
        elif tag == "{ac}plain-text-body":
            plain = "".join(child.itertext()) if len(child) else child.text or ""
        elif tag == "{ac}default-parameter":
            parameters[""] = child
        else:
            stray.append(child)
        if tail := child.tail:
            stray.append(tail)
    # The editor gives a layout only to macros that are blocks of their own.
    alone = element.get("data-layout") is not None
    if alone:
        flow.close()
    _write(Macro(name, parameters or _NO_PARAMETERS, rich, plain), stray, flow)
    if alone:
        flow.close()


def _write(used: Macro, stray: list[Element | str], flow: Flow) -> None:
    """Count a use, and write it by its handler, or in the form that somebody chose for this macro."""
    key = used.name.lower()
    uses = flow.reading.uses
    uses[key] = uses.get(key, 0) + 1
    handler = MACROS.get(key, wrappers.unknown)
    chosen = flow.reading.forms.get(key)
    if chosen is None:
        handler(used, flow)
    else:
        forms.use(chosen, used, handler, flow)
    if chosen is None or chosen is MacroForm.TEXT:
        _keep(stray, flow)


def _keep(stray: list[Element | str], flow: Flow) -> None:
    """What stands in a macro but in none of its bodies, against the format's rules: read all the same."""
    for part in stray:
        if not isinstance(part, str):
            read(part, flow)
        elif part.strip():
            flow.text(f" {part} ")


MACROS: Final[dict[str, MacroHandler]] = {
    **wrappers.HANDLERS,
    **absent.HANDLERS,
    **code.HANDLERS,
    **diagrams.HANDLERS,
    **jira.HANDLERS,
    **layout.HANDLERS,
    **live.HANDLERS,
    **math.HANDLERS,
    **media.HANDLERS,
    **panels.HANDLERS,
    **people.HANDLERS,
    **plans.HANDLERS,
    **text.HANDLERS,
}

EXCERPTS: Final = live.EXCERPTS
PROPERTIES: Final = live.PROPERTIES
"""The macros that mark a part of a page for other pages."""
