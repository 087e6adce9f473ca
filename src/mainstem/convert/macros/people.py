"""People."""

from typing import Final

from mainstem.convert import links, nodes
from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler, placeholder
from mainstem.convert.macros.wrappers import silent
from mainstem.wiki.documents import PersonTarget


def _profile(macro: Macro, flow: Flow) -> None:
    """A mention of each person whom a parameter names, as `ri:user` or by user name."""
    found = [element for parameter in macro.parameters.values() for element in parameter.iter("{ri}user")]
    name = macro.text("user", "User", "username", "userName")
    for number, element in enumerate(found):
        if number:
            flow.run.append(" ")
        links.mention(element, flow)
    if not found and name:
        person = PersonTarget(name)
        links.remember(person, flow)
        flow.run.append(nodes.Mention(person, name))
    elif not found:
        placeholder(macro, flow)


def _author(macro: Macro, flow: Flow) -> None:
    """Who wrote a post that came from elsewhere: the name alone."""
    if name := " ".join(filter(None, (macro.text("firstName"), macro.text("lastName")))) or macro.text("name"):
        flow.run.append(name)
        silent(macro, flow)
    else:
        _profile(macro, flow)


HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(("profile", "profile-picture", "user-profile", "aura-profile"), _profile),
    "author": _author,
}
