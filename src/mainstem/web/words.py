"""Words that several pages have in common: links, and what kinds of content and amounts are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from mainstem.wiki.content import Kind

_KINDS: Mapping[str, str] = {Kind.BLOGPOST: "Blog post", Kind.EMBED: "Embedded page"}
_STEP = 1000


@dataclass(frozen=True, slots=True)
class Link:
    """Words and where they lead, "" for nowhere; `hint` says more about it."""

    text: str
    href: str
    hint: str = ""


def kind_of(kind: str) -> str:
    """A kind of content as people call it."""
    return _KINDS.get(kind, kind.capitalize())


def size_of(count: int) -> str:
    """A number of bytes, rounded."""
    amount, units = float(count), ["bytes", "kB", "MB", "GB"]
    while amount >= _STEP and len(units) > 1:
        amount, units = amount / _STEP, units[1:]
    return f"{amount:.0f} {units[0]}"
