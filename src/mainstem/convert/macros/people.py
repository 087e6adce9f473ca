"""People."""

from typing import Final

from mainstem.convert import links
from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler, placeholder


def _profile(macro: Macro, flow: Flow) -> None:
    for parameter in macro.parameters.values():
        for element in parameter.iter("{ri}user"):
            links.mention(element, flow)
            return
    placeholder(macro, flow)


HANDLERS: Final[dict[str, MacroHandler]] = dict.fromkeys(("profile", "profile-picture"), _profile)
