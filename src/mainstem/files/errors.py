"""Why the text of a file cannot be had. Each is one file's failure; its text says what is wrong, and what to do.

MainstemError
  SkipItem
    FileUnread          this file's text is not read
      FileEmpty         there are no bytes in it
      FileLocked        a password protects it
      FileDamaged       it is cut off, or not built as its kind is
      WrongKind         it holds something else than its name says
      TooMuch           it is larger, longer or deeper than what is read of one file
      TooSlow           reading it takes longer than one file may take
      ReaderDied        the process that read it ran out of memory, or crashed
      NoOcr             tesseract, which reads pictures, is not there, does not start, or lacks a language
"""

from mainstem.errors import SkipItem


class FileUnread(SkipItem):
    """This file's text is not read."""


class FileEmpty(FileUnread):
    """There are no bytes in it."""

    def __init__(self) -> None:
        super().__init__("The file is empty; attach it again in Confluence")


class FileLocked(FileUnread):
    """A password protects it."""

    def __init__(self) -> None:
        super().__init__("A password protects the file; attach it without one for its text to be found")


class FileDamaged(FileUnread):
    """It is cut off, or not built as its kind is."""

    def __init__(self) -> None:
        super().__init__("The file is damaged or cut off; open it, save it anew and attach that")


class WrongKind(FileUnread):
    """It holds something else than its name says. `kind` is what it was taken for."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"The file is no {kind}, though it is named like one; attach it under its right name")
        self.kind = kind


class TooMuch(FileUnread):
    """It is larger, longer or deeper than what is read of one file. `what` says so, after "It"."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The file {what}; attach it in smaller parts for its text to be found")
        self.what = what


class TooSlow(FileUnread):
    """Reading it takes longer than one file may take."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"Reading the file takes more than {seconds:.0f} seconds; attach it in smaller parts, or save it anew"
        )
        self.seconds = seconds


class ReaderDied(FileUnread):
    """The process that read it ran out of memory, or crashed."""

    def __init__(self) -> None:
        super().__init__(
            "Reading the file needs too much memory, or fails altogether; attach it in smaller parts, or save it anew"
        )


class NoOcr(FileUnread):
    """Tesseract, which reads pictures, is not there, does not start, or lacks a language. `why` says so."""

    def __init__(self, why: str = "tesseract not found") -> None:
        super().__init__(f"No OCR: {why}; install it where the hub runs")
        self.why = why
