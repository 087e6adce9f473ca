"""A passage taken apart into what can be quoted: its sentences, and whole lines of lists, tables and code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = re.compile(r"^\s*(?:[-*•]\s+|(?P<number>\d{1,3})\.\s+|\[[ x]\]\s+)")
_END = re.compile(
    r"""(?<=[.!?…])["'”\u2019)\]]*\s+(?=["'“\u2018(\[]?[^\W\d_a-zß-öø-ÿ]) |
        (?<=[.!?…])["'”\u2019)\]]*\s+(?=["'“\u2018(\[]?\d) |
        (?<=[。\uff01\uff1f]) (?![」』”\u2019\uff09])""",
    re.VERBOSE,
)
_SHORT = re.compile(
    r"(?:^|[\s(])(?:[A-ZÀ-Þ]|e\.g|i\.e|z\.\s?B|bzw|ca|vs|cf|etc|approx|Nr|No|Dr|Mr|Mrs|Ms|St|Abs|p\.\s?ej)\.$"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a passage, word for word. `line` is where in the passage it stands, `item` that it is one of a list.

    `step` is its number in a numbered list, 0 where it stands in none. `own` is what of it is no name of another page.
    """

    text: str
    line: int
    item: bool = False
    step: int = 0
    own: str = ""


_BAR = re.compile(r"(?<!\S)\|(?!\S)")


def is_row(text: str) -> bool:
    """Whether it is a row of a table."""
    return " | " in text


def cells(row: str) -> tuple[str, ...]:
    """What stands in the cells of a row."""
    return tuple(cell.strip() for cell in _BAR.split(row))


def sentences(text: str) -> tuple[Sentence, ...]:
    """What a passage consists of, in order; marks of lists are left away."""
    return tuple(found for number, line in enumerate(text.split("\n")) for found in _of_line(line, number))


def _of_line(line: str, number: int) -> Iterator[Sentence]:
    mark = _MARK.match(line)
    rest = line[mark.end() :] if mark else line
    step = int(mark["number"] or 0) if mark else 0
    for part in _parts(rest.strip()):
        yield Sentence(part, number, mark is not None, step)


def _parts(line: str) -> Iterator[str]:
    if is_row(line):
        yield line
        return
    start = 0
    for end in _END.finditer(line):
        if _SHORT.search(line[start : end.start()]):
            continue
        yield line[start : end.end()].strip()
        start = end.end()
    if line[start:].strip():
        yield line[start:].strip()
