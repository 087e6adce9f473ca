"""The one way in which a body cannot be read.

MainstemError
  TellPerson
    NotADocument        what claims to be a document of ADF is not JSON, or holds no document
"""

from mainstem.errors import TellPerson


class NotADocument(TellPerson):
    """The text is no document of ADF. `cause` is a short phrase that quotes nothing of it."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause

    def __str__(self) -> str:
        return f"This is no document of ADF ({self.cause}): give the JSON of its `doc` node, or the storage format."
