"""Parts of one tree that are shown in another: seen from there, their links lead where they led at home.

Pure, and without an opinion on what is shown to whom.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, Final
from urllib.parse import urljoin

from mainstem.convert import anchors, nodes
from mainstem.wiki.documents import AttachmentTarget, ContentTarget, PageTarget, Target, UrlTarget

_TARGETS: Final = (PageTarget, ContentTarget, AttachmentTarget, UrlTarget)
_A_NODE: Final = 16
"""What a node weighs beside its text, in characters."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a tree stands at home: what its links leave unsaid. `content_id` and `url` are the page's in Confluence."""

    space_key: str
    content_id: str
    url: str


def rewritten(blocks: tuple[nodes.Block, ...], change: Callable[[Any], Any]) -> tuple[nodes.Block, ...]:
    """The blocks with every node and target in them changed, the innermost first."""
    return _rewritten(blocks, change)  # type: ignore[no-any-return]


def moved(
    blocks: tuple[nodes.Block, ...], home: Home, places: Mapping[str, str], under: str
) -> tuple[nodes.Block, ...]:
    """The blocks as they are seen from another page; ids in them get `under` before them, as `places` leads to them.

    `places` are the anchors of the document they come from. A link to a place on their own page leads to that place as
    it is shown there; links by title, to files and to addresses say now of which space, page and site they speak.
    """

    def change(part: Any) -> Any:
        match part:
            case nodes.Link(target=None, anchor=anchor):
                return replace(part, anchor=under + anchors.find(places, anchor))
            case nodes.Heading():
                return replace(part, anchor=under + part.anchor)
            case nodes.Anchor():
                return nodes.Anchor(under + part.id)
            case _:
                return spelled_out(part, home) if isinstance(part, _TARGETS) else part

    return rewritten(blocks, change)


def spelled_out(target: Target, home: Home) -> Target:
    """A target that means the same on every page of the site."""
    match target:
        case PageTarget(space_key=None):
            return replace(target, space_key=home.space_key)
        case AttachmentTarget(page=None):
            return replace(target, page=ContentTarget(home.content_id))
        case AttachmentTarget(page=PageTarget(space_key=None) as page):
            return replace(target, page=replace(page, space_key=home.space_key))
        case UrlTarget(url=url):
            return UrlTarget(_joined(home.url, url))
        case _:
            return target


def ids_in(blocks: tuple[nodes.Block, ...]) -> tuple[str, ...]:
    """The ids of all headings and named places."""
    found: list[str] = []

    def note(part: Any) -> Any:
        if isinstance(part, nodes.Heading):
            found.append(part.anchor)
        elif isinstance(part, nodes.Anchor):
            found.append(part.id)
        return part

    rewritten(blocks, note)
    return tuple(found)


def targets_in(blocks: tuple[nodes.Block, ...]) -> tuple[Target, ...]:
    """Where the blocks lead, each target once."""
    found: dict[Target, None] = {}

    def note(part: Any) -> Any:
        if isinstance(part, Target):
            found[part] = None
        return part

    rewritten(blocks, note)
    return tuple(found)


def weight(value: Any) -> int:
    """About how many characters a tree comes to."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, tuple):
        return sum(map(weight, value))
    if is_dataclass(value) and not isinstance(value, type):
        return _A_NODE + sum(weight(getattr(value, name)) for name in _holding(type(value)))
    return 0


def height(value: Any) -> int:
    """How many levels of nodes stand in each other."""
    if isinstance(value, tuple):
        return max(map(height, value), default=0)
    if is_dataclass(value) and not isinstance(value, type):
        return 1 + max((height(getattr(value, name)) for name in _holding(type(value))), default=0)
    return 0


def _rewritten(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        parts = tuple([_rewritten(part, change) for part in value])
        return value if all(new is old for new, old in zip(parts, value, strict=True)) else parts
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes = {}
    for name in _holding(type(value)):
        old = getattr(value, name)
        if (new := _rewritten(old, change)) is not old:
            changes[name] = new
    return change(replace(value, **changes) if changes else value)


@cache
def _holding(kind: type) -> tuple[str, ...]:
    """The fields of a node that may hold text, nodes or targets."""
    return tuple(field.name for field in fields(kind) if field.type not in (int, bool, "int", "bool"))


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return url
