"""The options that say how bodies are converted: single macros, tables, pictures."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from mainstem.wiki.conversion import ConversionOptions, ImageForm, MacroForm, TableForm, macros_of, options_of

PANEL = "How pages are converted"

MacroOption = Annotated[
    list[str] | None,
    typer.Option(
        help=f"A macro and what becomes of it, such as drawio=drop: {', '.join(MacroForm)}; repeat for more.",
        metavar="NAME=FORM",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
TablesOption = Annotated[
    TableForm | None,
    typer.Option(
        help="Tables in passages and exports. Where people read, they stay tables. Default: markdown.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
ImagesOption = Annotated[
    ImageForm | None,
    typer.Option(
        help="Pictures: themselves, the words that stand for them, or nothing. Default: link.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]


@dataclass(frozen=True, slots=True)
class Forms:
    """What a person wants bodies to become; each field is an option (see `site.with_site_options`)."""

    macro: MacroOption = None
    tables: TablesOption = None
    images: ImagesOption = None

    @property
    def options(self) -> ConversionOptions:
        """The choice that these options amount to. Raises BadConversion."""
        return options_of(self.facts)

    @property
    def facts(self) -> dict[str, Any]:
        """The same in plain words, with nothing of what was not given. Raises BadConversion."""
        parts = (each.partition("=") for each in self.macro or ())
        pairs = [(name.strip().lower(), form) for name, _, form in parts]
        macros_of(pairs)
        said = {"macros": dict(pairs), "tables": self.tables, "images": self.images}
        return {name: value for name, value in said.items() if value}

    @property
    def given(self) -> list[str]:
        """The options that were given, as they are written."""
        return [f"--{name}" for name in self.__slots__ if getattr(self, name)]
