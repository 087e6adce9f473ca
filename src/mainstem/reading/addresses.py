"""Where our own pages are: what whoever shows a document has to tell, so that its links can lead there."""

from typing import Protocol


class Addresses(Protocol):
    """Addresses within the hub, each beginning with a slash or with http. Ids are ours."""

    def document(self, document_id: int, /, anchor: str = "") -> str:
        """The page that shows a document, at one of its headings when `anchor` is given."""

    def file(self, document_id: int, /) -> str:
        """Where the bytes of an attachment are sent from."""

    def search(self, text: str, /) -> str:
        """What a text finds."""

    def space(self, connection_id: int, key: str) -> str:
        """The page of a space, by the key that Confluence gave it."""
