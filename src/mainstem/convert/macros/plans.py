"""Plans over time: the Roadmap Planner, whose lanes, bars and markers stand in a parameter as escaped JSON.

Only what its picture says is read: titles, what pops up on a bar, and the days of bars and markers.
"""

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote_plus

from mainstem.convert import nodes
from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler, lost, placeholder
from mainstem.wiki.macros import Reason


def _roadmap(macro: Macro, flow: Flow) -> None:
    plan = _plan(macro.text("source"))
    title = _said(plan, "title") or unquote_plus(macro.text("title"))
    items = [*map(_lane, _parts(plan, "lanes")), *map(_marker, _parts(plan, "markers"))]
    found = tuple(item for item in items if item.blocks)
    if not found:
        placeholder(macro, flow, Reason.UNNAMED, title)
        return
    lost(macro, flow, Reason.PLAN)
    if title:
        flow.block(nodes.Paragraph((nodes.Styled("strong", (title,)),)))
    flow.block(nodes.List(found))


def _plan(source: str) -> dict[str, Any]:
    """The plan, empty where the parameter holds none."""
    for written in (source, unquote_plus(source)):
        try:
            plan = json.loads(written)
        except (ValueError, RecursionError):
            continue
        if isinstance(plan, dict):
            return plan
    return {}


def _lane(lane: dict[str, Any]) -> nodes.Item:
    bars = tuple(nodes.Item(tuple(_bar(bar))) for bar in _parts(lane, "bars"))
    title = _said(lane, "title")
    named: tuple[nodes.Block, ...] = (nodes.Paragraph((title,)),) if title else ()
    listed = tuple(bar for bar in bars if bar.blocks)
    return nodes.Item((*named, nodes.List(listed)) if listed else named)


def _bar(bar: dict[str, Any]) -> Iterator[nodes.Block]:
    yield from _dated(bar, "startDate")
    if described := _said(bar, "description"):
        yield nodes.Paragraph((described,))


def _marker(marker: dict[str, Any]) -> nodes.Item:
    return nodes.Item(tuple(_dated(marker, "markerDate", "date")))


def _dated(part: dict[str, Any], *days: str) -> Iterator[nodes.Block]:
    """The title, and the day before it."""
    if title := _said(part, "title"):
        day = next(filter(None, (_said(part, name)[:10] for name in days)), "")
        yield nodes.Paragraph((nodes.Date(day), f" {title}") if day else (title,))


def _parts(value: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = value.get(name)
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _said(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    return " ".join(found.split()) if isinstance(found, str) else ""


HANDLERS: Final[dict[str, MacroHandler]] = dict.fromkeys(("roadmap", "roadmap-planner"), _roadmap)
