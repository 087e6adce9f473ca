"""Confluence's query language, as far as the client writes it itself."""

from collections.abc import Collection
from datetime import datetime

from mainstem.wiki.content import Kind
from mainstem.wiki.selection import Selection


def quoted(text: str) -> str:
    """A CQL string: backslashes first, then quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def matching(chosen: Selection, kinds: Collection[Kind], keys: Collection[str] | None) -> str:
    """What of these kinds a selection lets in, in the spaces with these keys; None: in all, but those it leaves out.

    Confluence reads days and minutes in the time zone of the account, which it does not tell everywhere.
    """
    wanted = chosen.filter
    parts = [
        f"type in ({', '.join(sorted(kinds))})",
        _among("space", keys or ()),
        _among("space", () if keys else wanted.without_spaces, "not in"),
        _among("label", wanted.labels),
        _among("label", wanted.without_labels, "not in"),
        _within(wanted.trees),
        f"not {_within(wanted.without_trees)}" if wanted.without_trees else "",
        _since("created", chosen.created_since),
        _since("lastmodified", chosen.modified_since),
    ]
    return " and ".join(filter(None, parts))


def _among(field: str, values: Collection[str], how: str = "in") -> str:
    return f"{field} {how} ({', '.join(quoted(value) for value in sorted(values))})" if values else ""


def _within(trees: Collection[str]) -> str:
    named = ", ".join(sorted(trees))
    return f"(id in ({named}) or ancestor in ({named}))" if trees else ""


def _since(field: str, instant: datetime | None) -> str:
    return "" if instant is None else f'{field} >= "{instant:%Y-%m-%d %H:%M}"'
