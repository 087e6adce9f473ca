"""The tree as JSON: each node an object with its `type` and the fields that are not empty; text is a plain string."""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Final

from mainstem.convert import nodes
from mainstem.convert.bounds import bound
from mainstem.convert.plain import to_text
from mainstem.wiki.documents import NoLinks

_ESCAPED: Final = 8
"""By how much JSON may swell a text, with some room."""


def to_json(document: nodes.Document) -> str:
    """One line of JSON: `{"type": "Document", "blocks": [...]}`. Longer than the bound: its plain text as one block."""
    made = _json(document.blocks)
    limit = bound(document.size)
    if len(made) <= limit:
        return made
    return _json((nodes.Code(to_text(document, NoLinks())[: limit // _ESCAPED]),))


def _json(blocks: tuple[nodes.Block, ...]) -> str:
    return json.dumps({"type": "Document", "blocks": _value(blocks)}, ensure_ascii=False, separators=(",", ":"))


def _value(value: Any) -> Any:
    if is_dataclass(value):
        found: dict[str, Any] = {"type": type(value).__name__}
        for field in fields(value):
            inner = getattr(value, field.name)
            if inner not in ("", (), None, False) and inner != field.default:
                found[field.name] = _value(inner)
        return found
    if isinstance(value, tuple):
        return [_value(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
