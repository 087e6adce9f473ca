"""Issues of Jira: one by its key, many by a query."""

from typing import Final

from mainstem.convert import nodes
from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler, placeholder


def _jira(macro: Macro, flow: Flow) -> None:
    if key := macro.text("key"):
        flow.run.append(nodes.Issue(key, macro.text("summary")))
    else:
        placeholder(macro, flow)


HANDLERS: Final[dict[str, MacroHandler]] = dict.fromkeys(("jira", "jiraissues", "jira-issue"), _jira)
