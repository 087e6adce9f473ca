"""The options that say what comes in of a site: spaces, kinds of content, labels, dates, trees."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from mainstem.wiki.content import Kind
from mainstem.wiki.selection import Filter, trees_of

PANEL = "What comes in"
DAY = ["%Y-%m-%d"]

SpaceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--space", help="The key of a space; repeat for more. Default: all.", show_default=False, rich_help_panel=PANEL
    ),
]


class Loaded(StrEnum):
    """The kinds of content that can be left out."""

    PAGE = Kind.PAGE
    BLOGPOST = Kind.BLOGPOST
    COMMENT = Kind.COMMENT
    ATTACHMENT = Kind.ATTACHMENT


WithoutOption = Annotated[
    list[Loaded] | None,
    typer.Option(
        "--without",
        help="A kind of content to leave out; repeat for more.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
WithoutSpaceOption = Annotated[
    list[str] | None,
    typer.Option(help="The key of a space to leave out; repeat for more.", show_default=False, rich_help_panel=PANEL),
]
LabelOption = Annotated[
    list[str] | None,
    typer.Option(
        help="Only pages and posts with this label; repeat for more, of which one is enough.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
WithoutLabelOption = Annotated[
    list[str] | None,
    typer.Option(
        help="No pages and posts with this label; repeat for more.", show_default=False, rich_help_panel=PANEL
    ),
]
CreatedAfterOption = Annotated[
    datetime | None,
    typer.Option(help="Only what was created on this day or later.", formats=DAY, rich_help_panel=PANEL),
]
ModifiedAfterOption = Annotated[
    datetime | None,
    typer.Option(help="Only what was changed on this day or later.", formats=DAY, rich_help_panel=PANEL),
]
LookBackOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Only what was changed within so many days before each sync; older pages leave.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
TreeOption = Annotated[
    list[str] | None,
    typer.Option(
        help="Only this page or folder, by its address or id, and all below it; repeat for more.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
WithoutTreeOption = Annotated[
    list[str] | None,
    typer.Option(
        help="Not this page or folder, and nothing below it; repeat for more.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
ArchivedOption = Annotated[
    bool, typer.Option("--archived", help="Archived pages, too.", show_default=False, rich_help_panel=PANEL)
]


@dataclass(frozen=True, slots=True)
class Content:
    """What a person wants of a site; each field is an option (see `site.with_site_options`)."""

    space: SpaceOption = None
    without: WithoutOption = None
    without_space: WithoutSpaceOption = None
    label: LabelOption = None
    without_label: WithoutLabelOption = None
    created_after: CreatedAfterOption = None
    modified_after: ModifiedAfterOption = None
    look_back: LookBackOption = None
    tree: TreeOption = None
    without_tree: WithoutTreeOption = None
    archived: ArchivedOption = False

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds that were not left out."""
        return frozenset(Kind(kind) for kind in Loaded if kind not in (self.without or ()))

    @property
    def filter(self) -> Filter:
        """What narrows the chosen spaces. Raises NoTree."""
        return Filter(
            labels=frozenset(self.label or ()),
            without_labels=frozenset(self.without_label or ()),
            created_after=self.created_after and self.created_after.date(),
            modified_after=self.modified_after and self.modified_after.date(),
            look_back=self.look_back,
            without_spaces=frozenset(self.without_space or ()),
            trees=trees_of(self.tree or ()),
            without_trees=trees_of(self.without_tree or ()),
            archived=self.archived,
        )

    @property
    def given(self) -> list[str]:
        """The options that were given, as they are written."""
        return [f"--{name.replace('_', '-')}" for name in self.__slots__ if getattr(self, name)]
