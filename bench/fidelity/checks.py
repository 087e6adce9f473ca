"""What must keep its place: a value under its header, an item in its list, code to the letter, a link's target.

`CHECKS` maps each kind to a function of what is shown and what is asked. Plain text fails what it has no way to say.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, Final
from urllib.parse import unquote

from lxml.html import HtmlElement

from bench.fidelity.grid import rows_of
from bench.fidelity.shown import Shown, text_of
from bench.fidelity.wording import count, says

_STYLES: Final = {
    "strong": ("strong", "b"),
    "em": ("em", "i"),
    "struck": ("s", "del", "strike"),
    "sub": ("sub",),
    "sup": ("sup",),
    "code": ("code", "tt", "kbd", "samp"),
}
_DONE: Final = ("[x]", "[X]", "☑", "✅", "✔")
_OPEN: Final = ("[ ]", "☐", "⬜")


def cell(shown: Shown, asked: dict[str, str]) -> bool:
    """`value` stands in a cell, `under` another one above it, and `beside` another one in its row."""
    return any(
        says(said, asked["value"])
        and ("under" not in asked or any(says(row[column], asked["under"]) for row in rows[:number]))
        and ("beside" not in asked or any(says(other, asked["beside"]) for other in _others(rows[number], column)))
        for table in shown.every("table")
        for rows in (rows_of(table),)
        for number, row in enumerate(rows)
        for column, said in enumerate(row)
    )


def _others(row: list[str], column: int) -> list[str]:
    return row[:column] + row[column + 1 :]


def nested(shown: Shown, asked: dict[str, str]) -> bool:
    """`item` is an item of a list within the item that begins with `within`."""
    return any(
        says(_own_words(item), asked["item"])
        and any(says(_own_words(outer), asked["within"]) for outer in _around(item))
        for item in shown.every("li")
    )


def _around(item: HtmlElement) -> Iterator[HtmlElement]:
    """The items that an item stands in; a list right within a list belongs to the item before it."""
    for above in item.iterancestors("li", "ul", "ol"):
        before = above.getprevious()
        if above.tag == "li":
            yield above
        elif before is not None and before.tag == "li":
            yield before


def beside(shown: Shown, asked: dict[str, str]) -> bool:
    """`item` and `to` are items of the same list."""
    return any(
        said(asked["item"]) and said(asked["to"]) for items in shown.every("ul", "ol") for said in (_said_in(items),)
    )


def _said_in(items: HtmlElement) -> Callable[[str], bool]:
    said = [_own_words(item) for item in items.iterchildren("li")]
    return lambda words: any(says(item, words) for item in said)


def number(shown: Shown, asked: dict[str, Any]) -> bool:
    """`item` is an item of a numbered list, with this `number`."""
    for items in shown.every("ol"):
        start = items.get("start") or "1"
        counted = enumerate(items.iterchildren("li"), int(start) if start.isdigit() else 1)
        if any(place == asked["number"] and says(_own_words(item), asked["item"]) for place, item in counted):
            return True
    return False


def _own_words(item: HtmlElement) -> str:
    """The words of an item without those of the lists in it."""
    parts = [item.text or ""]
    for child in item:
        if child.tag not in ("ul", "ol"):
            parts.append(text_of(child))
        parts.append(child.tail or "")
    return "".join(parts)


def code(shown: Shown, text: str) -> bool:
    """A stretch of code is there to the letter, leading and trailing blanks of its lines too."""
    asked = text.strip("\n")
    if shown.tree is None:
        return asked in shown.raw
    if any(asked == _code_text(block) for block in shown.every("pre", "code")):
        return True
    lines = [line for line in asked.split("\n") if line.strip()]
    return any(lines == [_code_text(span) for span in cell.iter("code")] for cell in shown.every("td", "th"))


def _code_text(block: HtmlElement) -> str:
    return str(block.text_content()).strip("\n")


def link(shown: Shown, asked: dict[str, Any]) -> bool:
    """A link that says `text` leads to an address that holds `to`, or one of several."""
    targets = [asked["to"]] if isinstance(asked["to"], str) else asked["to"]
    return any(
        says(text_of(anchor), asked["text"]) and any(target in unquote(anchor.get("href") or "") for target in targets)
        for anchor in shown.every("a")
    )


def image(shown: Shown, asked: dict[str, Any]) -> bool:
    """A picture is shown from an address that holds `file`, or one of several, with the alternative text `alt`."""
    files = [asked["file"]] if isinstance(asked["file"], str) else asked["file"]
    return any(
        any(file in unquote(picture.get("src") or "") for file in files)
        and ("alt" not in asked or says(picture.get("alt") or "", asked["alt"]))
        for picture in shown.every("img")
    )


def heading(shown: Shown, asked: dict[str, Any]) -> bool:
    """`text` is a heading of this `level`."""
    return any(says(text_of(found), asked["text"]) for found in shown.every(f"h{asked['level']}"))


def task(shown: Shown, asked: dict[str, Any]) -> bool:
    """A line that says `text` begins with a box that tells whether it is `done`."""
    marks = _DONE if asked["done"] else _OPEN
    lines = [text_of(item).strip().partition("\n")[0] for item in shown.every("li")] or shown.text.splitlines()
    lines += [line for found in shown.every("td", "th") for line in text_of(found).splitlines()]
    return any(says(line, asked["text"]) and line.lstrip("-*• \t").startswith(marks) for line in lines)


def styled(shown: Shown, asked: dict[str, str]) -> bool:
    """`text` alone has this style."""
    return any(
        " ".join(text_of(found).split()).lstrip("^") == asked["text"] for found in shown.every(*_STYLES[asked["style"]])
    )


def once(shown: Shown, words: str) -> bool:
    """The words are said exactly once."""
    return count(shown.text, words) == 1


def apart(shown: Shown, words: list[str]) -> bool:
    """These stand on different lines, in this order."""
    lines = shown.text.split("\n")
    places = [next((place for place, line in enumerate(lines) if says(line, word)), -1) for word in words]
    return -1 not in places and all(one < other for one, other in pairwise(places))


CHECKS: Final[dict[str, Callable[[Shown, Any], bool]]] = {
    "cells": cell,
    "nested": nested,
    "siblings": beside,
    "numbered": number,
    "code": code,
    "links": link,
    "images": image,
    "headings": heading,
    "tasks": task,
    "styled": styled,
    "once": once,
    "apart": apart,
}
