"""Formulas: their TeX."""

from typing import Final

from mainstem.convert import nodes
from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler


def _formula(display: bool) -> MacroHandler:  # noqa: FBT001
    def handler(macro: Macro, flow: Flow) -> None:
        tex = macro.plain
        if tex is None:
            tex = macro.text("body", "equation", "formula", "latex", "math", "tex", "")
        if not tex and macro.rich is not None:
            tex = "".join(macro.rich.itertext())
        if name := macro.text("anchor"):
            flow.run.append(nodes.Anchor(flow.reading.ids.give(name)))
            if display:
                flow.close()
        if tex := tex.strip():
            flow.run.append(nodes.Formula(tex, display))

    return handler


def _reference(macro: Macro, flow: Flow) -> None:
    """A reference to a formula: a link to where it stands."""
    if name := macro.text("anchor", ""):
        flow.run.append(nodes.Link(None, (name,), name))


HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(
        (
            *("mathblock", "latex", "easy-math-block", "eazy-math-block", "latexmath", "math", "mathjax"),
            *("mathjax-block-macro", "latex-formatting", "mathdisplay"),
        ),
        _formula(display=True),
    ),
    **dict.fromkeys(
        (*("mathinline", "easy-math-inline", "eazy-math-inline", "latexinline", "unit", "mathjax-inline-macro"),),
        _formula(display=False),
    ),
    "mathblock-ref": _reference,
}
