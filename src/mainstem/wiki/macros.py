"""How the macros of a page came out of its conversion: facts for the report on losses, and a sentence for each.

It says nothing about elements that are no macros, and nothing that only some readers may know.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Treatment(StrEnum):
    """What became of a macro: all a reader of the page saw, its words in a simpler form, or its name alone."""

    RENDERED = "rendered"
    SIMPLIFIED = "simplified"
    PLACEHOLDER = "placeholder"


class Reason(StrEnum):
    """Why a macro does not look as it does in Confluence. The values are stored: add some, rename none."""

    UNKNOWN = "unknown"
    COMPUTED = "computed"
    UNNAMED = "unnamed"
    DRAWING = "drawing"
    SOURCE = "source"
    CHART = "chart"
    EMBEDDED = "embedded"
    QUERY = "query"
    PLAN = "plan"
    STACKED = "stacked"
    NUMBERS = "numbers"
    CONTROLS = "controls"
    LEFT_OUT = "left out"
    AUDIENCE = "audience"
    SCRIPT = "script"
    CHOSEN = "chosen"


PLACEHOLDERS: Final = frozenset({Reason.UNKNOWN, Reason.COMPUTED, Reason.UNNAMED})
"""Reasons that leave nothing but the name of the macro, and the text in its body where it has one."""

WHY: Final = {
    Reason.UNKNOWN: "Mainstem does not know this macro: the text in its body is kept, what it made of it is not.",
    Reason.COMPUTED: "Confluence makes its content when somebody looks, so it is not in the page.",
    Reason.UNNAMED: "It does not say what it shows: the page, file, person or address in it is missing.",
    Reason.DRAWING: "Another tool keeps the drawing: its name, the words found in it and its preview are shown.",
    Reason.SOURCE: "The text that it is made from is shown as code.",
    Reason.CHART: "The numbers of the chart are shown as their table.",
    Reason.EMBEDDED: "What it embeds is a link.",
    Reason.QUERY: "Its query is shown, not what the query finds.",
    Reason.PLAN: "Its lanes and bars are listed, without the time line.",
    Reason.STACKED: "Its parts stand one below the other.",
    Reason.NUMBERS: "Its headings are shown without their numbers.",
    Reason.CONTROLS: "What it holds is shown, without the controls to filter, sort or calculate.",
    Reason.LEFT_OUT: "It is a control of Confluence without any text of the page, and is left out.",
    Reason.AUDIENCE: "Confluence shows it to some readers or in exports only; here all readers of the page see it.",
    Reason.SCRIPT: "Its scripts and styles are left out.",
    Reason.CHOSEN: "By a setting of the connection it is shown in a simpler form, or left out.",
}
"""One sentence for each reason, for whoever reads the page."""


@dataclass(frozen=True, slots=True)
class MacroUse:
    """How often a macro, by its name in storage format and small letters, came out one way; None: as it was."""

    name: str
    reason: Reason | None
    uses: int

    @property
    def treatment(self) -> Treatment:
        """What became of it."""
        if self.reason is None:
            return Treatment.RENDERED
        return Treatment.PLACEHOLDER if self.reason in PLACEHOLDERS else Treatment.SIMPLIFIED
