"""What Confluence or an app makes when somebody looks, and Mainstem does not make: the name of the macro stays."""

from typing import Final

from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler, placeholder
from mainstem.convert.macros.wrappers import silent
from mainstem.wiki.macros import Reason


def _computed(macro: Macro, flow: Flow) -> None:
    placeholder(macro, flow, Reason.COMPUTED)
    silent(macro, flow)


_COMPUTED: Final = (
    *("favpages", "global-reports", "network"),
    *("change-history", "status-list", "gadget", "im", "userlister", "bookmarks"),
    *("jira-timeline", "jiraroadmap", "team-calendar", "calendar", "cheese", "loremipsum", "rw-pagetree"),
    *("outgoing-links", "decisionreport", "pagestatus", "content-tree"),
    *("cite-summary", "display-footnotes", "dashboard-macro"),
)

HANDLERS: Final[dict[str, MacroHandler]] = dict.fromkeys(_COMPUTED, _computed)
