"""Formulas: their TeX."""

from typing import Final

from mainstem.convert import nodes
from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler


def _formula(display: bool) -> MacroHandler:  # noqa: FBT001
    def handler(macro: Macro, flow: Flow) -> None:
        tex = (macro.plain or macro.text("body", "equation", "formula", "")).strip()
        if tex:
            flow.run.append(nodes.Formula(tex, display))

    return handler


HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(
        ("mathblock", "latex", "easy-math-block", "eazy-math-block", "latexmath", "math"), _formula(display=True)
    ),
    **dict.fromkeys(
        ("mathinline", "easy-math-inline", "eazy-math-inline", "latexinline", "unit"), _formula(display=False)
    ),
}
