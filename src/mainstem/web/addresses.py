"""Where documents, files and spaces have their pages; `mainstem.reading` lets the links of a document lead there."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from mainstem.wiki.filing import Drawer

_END_WORDS = 5
"""Words at each end of a passage by which a browser finds it."""


def document(document_id: int, /, anchor: str = "") -> str:
    """The page of a document, at one of its headings."""
    return f"/documents/{document_id}" + (f"#{quote(anchor)}" if anchor else "")


def passage(document_id: int, /, anchor: str, words: str) -> str:
    """The page of a document at one of its headings, and there at these words, which a browser that can marks."""
    cells = max(words.split(" | "), key=len).split()
    if not cells:
        return document(document_id, anchor)
    ends = [cells] if len(cells) <= 2 * _END_WORDS else [cells[:_END_WORDS], cells[-_END_WORDS:]]
    # A hyphen would part what is looked for from what stands around it.
    marked = ",".join(quote(" ".join(end), safe="").replace("-", "%2D") for end in ends)
    return f"/documents/{document_id}#{quote(anchor)}:~:text={marked}"


def file(document_id: int, filename: str = "", /) -> str:
    """Where an attachment is had; its name says to people what it is, and is not looked at."""
    return f"/files/{document_id}" + (f"/{quote(filename, safe='')}" if filename else "")


def conversion(connection_id: int, macro: str) -> str:
    """Where admins choose what becomes of a macro of a connection."""
    return f"/connections/{connection_id}/conversion?{urlencode({'macro': macro})}#macro-{quote(macro, safe='')}"


def search(text: str) -> str:
    """What a text finds."""
    return f"/search?{urlencode({'q': text})}"


def space(key: str) -> str:
    """What a space holds, as a search."""
    return f"/search?{urlencode({'space': key})}"


def label(name: str) -> str:
    """What has a label or another tag, as a search."""
    return f"/search?{urlencode({'label': name})}"


def filed(drawer: Drawer, name: str) -> str:
    """What is filed as something, as a search."""
    return label(name) if drawer is Drawer.TAG else f"/search?{urlencode({drawer.value: name})}"


@dataclass(frozen=True, slots=True)
class Ours:
    """These addresses as reading asks for them; `base` stands before each where they are followed from elsewhere."""

    base: str = ""

    def document(self, document_id: int, /, anchor: str = "") -> str:
        """The page of a document."""
        return self.base + document(document_id, anchor)

    def file(self, document_id: int, /) -> str:
        """Where an attachment is had."""
        return self.base + file(document_id)

    def search(self, text: str, /) -> str:
        """What a text finds."""
        return search(text)

    def space(self, connection_id: int, key: str) -> str:  # noqa: ARG002  a search looks into all connections
        """What a space holds."""
        return self.base + space(key)
