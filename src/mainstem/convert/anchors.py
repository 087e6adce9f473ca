"""Ids of headings and named places: stable, unique in a document, and found again from Confluence's own spellings."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

_NOT_WORD: Final = re.compile(r"[\W_]+")


def slug(text: str) -> str:
    """The id that a heading of this text gets first: lower-case words joined by hyphens, else "section"."""
    return _NOT_WORD.sub("-", text.casefold()).strip("-") or "section"


def key(name: str) -> str:
    """The form under which spellings of one place meet: `Next steps`, `Next-steps` and `Nextsteps` are alike."""
    return _NOT_WORD.sub("", unquote(name).casefold())


def find(anchors: Mapping[str, str], name: str) -> str:
    """The id that a link to `name` on the same page means, else `slug(name)`.

    Data Center writes `PageTitle-Heading`, so the longest known name that ends it counts as well. An id that is itself
    a key means itself: no name folds to one with a dot.
    """
    if name in anchors:
        return anchors[name]
    wanted = key(name)
    if wanted in anchors:
        return anchors[wanted]
    if "-" in name:
        for start in range(1, min(len(wanted), 200)):
            if wanted[start:] in anchors:
                return anchors[wanted[start:]]
    return slug(unquote(name))


class Ids:
    """Gives out ids: the slug first, then `slug-1`, `slug-2` ..."""

    __slots__ = ("_next", "_taken", "by_key")

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}
        self.by_key: dict[str, str] = {}

    def give(self, name: str) -> str:
        """A new id for a place of this name; the first place of a name is the one that links to it mean."""
        wanted = slug(name[:200])
        chosen = wanted
        while chosen in self._taken:
            number = self._next.get(wanted, 1)
            self._next[wanted] = number + 1
            chosen = f"{wanted}-{number}"
        self._taken.add(chosen)
        self.by_key.setdefault(key(name), chosen)
        return chosen
