"""The options that say what is taken of attached files: kinds, size, and whether pictures are read."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from mainstem.wiki.files import CHOSEN, USUAL_MB, FileForm, file_options_of

PANEL = "What is taken of attached files"

FileOption = Annotated[
    list[str] | None,
    typer.Option(
        help=f"A kind of files and what is taken of it, such as csv=skip: {', '.join(FileForm)}; repeat for more. "
        f"Kinds: {', '.join(CHOSEN)}.",
        metavar="KIND=FORM",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
FileMbOption = Annotated[
    int | None,
    typer.Option(
        help=f"The text of larger files is not read. Default: {USUAL_MB}.",
        metavar="MB",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
OcrOption = Annotated[
    bool | None,
    typer.Option(
        "--ocr/--no-ocr",
        help="Read the text in pictures and scanned pages too, where `tesseract` is installed. It takes long.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]


@dataclass(frozen=True, slots=True)
class Files:
    """What a person wants of files; each field is an option (see `site.with_site_options`)."""

    file: FileOption = None
    file_mb: FileMbOption = None
    ocr: OcrOption = None

    @property
    def facts(self) -> dict[str, Any]:
        """The choice in plain words, with nothing of what was not given. Raises BadFileChoice."""
        pairs = (each.partition("=") for each in self.file or ())
        forms = {kind.strip().lower(): form.strip().lower() for kind, _, form in pairs}
        said = {"forms": forms or None, "most_mb": self.file_mb, "ocr": self.ocr}
        files = {name: value for name, value in said.items() if value is not None}
        file_options_of(files)
        return {"files": files} if files else {}

    @property
    def given(self) -> list[str]:
        """The options that were given, as they are written."""
        return [f"--{name.replace('_', '-')}" for name in self.__slots__ if getattr(self, name) is not None]


AS_USUAL = Files()
