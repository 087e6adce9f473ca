"""Words that several pages have in common: links, and what kinds of content and amounts are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from mainstem.wiki.content import Kind

_KINDS: Mapping[str, str] = {Kind.BLOGPOST: "Blog post", Kind.EMBED: "Embedded page"}
_STEP = 1000
_MINUTE = 60


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


def counted(number: int, one: str, many: str) -> str:
    """A number of things, with the word for so many."""
    return f"{number:,} {one if number == 1 else many}"


def duration(seconds: float) -> str:
    """A length of time, rounded to what people remember of it."""
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < _MINUTE:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
