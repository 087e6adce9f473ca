"""What can go wrong with an index.

MainstemError
  TellPerson
    IndexHeld           another process writes this index; only one may
    UnknownLanguage     there is no stemmer for this language
  StopRun
    IndexUnreadable     the files are damaged; delete the folder and let it be rebuilt
"""

from pathlib import Path

from mainstem.errors import StopRun, TellPerson


class IndexHeld(TellPerson):
    """Another process writes this index; only one may."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"Another process writes the search index in {folder}. Stop it, or only search here.")
        self.folder = folder


class UnknownLanguage(TellPerson):
    """There is no stemmer for this language."""

    def __init__(self, language: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no search language {language!r}. Choose one of: {', '.join(known)}.")
        self.language = language
        self.known = known


class IndexUnreadable(StopRun):
    """The files are damaged. They hold nothing that the store does not have."""

    def __init__(self, folder: Path, cause: str) -> None:
        super().__init__(f"The search index in {folder} is damaged ({cause}). Delete the folder; it will be rebuilt.")
        self.folder = folder
        self.cause = cause
