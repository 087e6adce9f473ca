"""The notation of whole blocks: one reader per kind, tried in the order of `READERS`.

# heading   - list   1. list   - [ ] task   <> decision   > quotation   ----   | table |
```lang title="x"   code, or any macro with a plain body (noformat, plantuml, mermaid-macro, mathblock, storage ...)
:::name key=value Title   a macro with a rich body, closed by `:::`; also layout, row, cell, old, aside
{{name key=value}}   a macro without a body          ![alt](file.png width=400 "Caption")   an image
"""

import re
import textwrap
from collections.abc import Callable

from confluence_emulator.sample.notation import macros
from confluence_emulator.sample.notation.inline import attachment, line
from confluence_emulator.sample.notation.tables import is_row, table
from confluence_emulator.sample.notation.writing import Writing, element

Reader = Callable[[list[str], Writing], tuple[str, int]]
"""Takes the lines from its block on; gives storage format and how many lines it used (0: not mine)."""

ITEM = re.compile(r"(?P<mark>- (?!\[[ x]\])|\d+\. )(?P<text>.*)")
TASK = re.compile(r"- \[(?P<done>[ x])\] (?P<text>.*)")
IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<source>[^\s)]+)(?P<options>[^)]*)\)$")
BLOCK_START = re.compile(r"#{1,6} |- |\d+\. |\||>|```|:::|\{\{|!\[|<> |----$")
MACRO = re.compile(r"\{\{(?P<name>[\w-]+)(?P<options>.*)\}\}$")


def render(source: str, writing: Writing) -> str:
    """Storage format of a text in the sample's notation. Raises NotationError."""
    return _blocks(source.split("\n"), writing)


def _blocks(lines: list[str], writing: Writing) -> str:
    written, at = [], 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        block, used = _block(lines[at:], writing)
        written.append(block)
        at += used
    return "".join(written)


def _block(lines: list[str], writing: Writing) -> tuple[str, int]:
    for reader in READERS:
        block, used = reader(lines, writing)
        if used:
            return block, used
    raise writing.wrong(f"cannot read {lines[0]!r}")


def _heading(lines: list[str], writing: Writing) -> tuple[str, int]:
    marks, _, words = lines[0].partition(" ")
    if not marks or marks.strip("#") or not words:
        return "", 0
    return element(f"h{len(marks)}", content=line(words, writing)), 1


def _rule(lines: list[str], _: Writing) -> tuple[str, int]:
    return ("<hr />", 1) if lines[0] == "----" else ("", 0)


def _quotation(lines: list[str], writing: Writing) -> tuple[str, int]:
    quoted = _while(lines, lambda each: each.startswith(">"))
    inner = [each[1:].removeprefix(" ") for each in quoted]
    return element("blockquote", content=_blocks(inner, writing)) if inner else "", len(quoted)


def _table(lines: list[str], writing: Writing) -> tuple[str, int]:
    rows = _while(lines, is_row)
    return (table(rows, lambda cell: render(cell, writing)), len(rows)) if rows else ("", 0)


def _list(lines: list[str], writing: Writing) -> tuple[str, int]:
    first = ITEM.match(lines[0])
    if not first:
        return "", 0
    bulleted = first["mark"] == "- "
    items, at = [], 0
    while at < len(lines) and (match := ITEM.match(lines[at])) and (match["mark"] == "- ") == bulleted:
        more = _indented(lines[at + 1 :])
        inner = [match["text"], *textwrap.dedent("\n".join(more)).split("\n")]
        items.append(element("li", content=_blocks(inner, writing)))
        at += 1 + len(more)
        at += _gap(lines[at:], first["mark"])
    return element("ul" if bulleted else "ol", content="".join(items)), at


def _gap(lines: list[str], mark: str) -> int:
    """How many blank lines stand before the list's next item; 0 where it ends."""
    blank = len(_while(lines, lambda each: not each.strip()))
    following = ITEM.match(lines[blank]) if blank < len(lines) else None
    return blank if following and (following["mark"] == "- ") == (mark == "- ") else 0


def _tasks(lines: list[str], writing: Writing) -> tuple[str, int]:
    taken = _while(lines, lambda each: TASK.match(each) is not None)
    tasks = [match for each in taken if (match := TASK.match(each))]
    written = "".join(macros.task(match["text"], writing, done=match["done"] == "x") for match in tasks)
    return element("ac:task-list", content=written) if tasks else "", len(taken)


def _decisions(lines: list[str], writing: Writing) -> tuple[str, int]:
    taken = _while(lines, lambda each: each.startswith("<> "))
    return macros.decisions([each[3:] for each in taken], writing) if taken else "", len(taken)


def _fenced(lines: list[str], writing: Writing) -> tuple[str, int]:
    if not lines[0].startswith("```"):
        return "", 0
    try:
        end = lines.index("```", 1)
    except ValueError:
        raise writing.wrong(f"{lines[0]!r} is never closed") from None
    name, *options = macros.words(lines[0][3:]) or ["text"]
    return macros.plain(name, macros.parameters(options), "\n".join(lines[1:end]), writing), end + 1


def _container(lines: list[str], writing: Writing) -> tuple[str, int]:
    if not re.match(r":::\w", lines[0]):
        return "", 0
    depth = 0
    for at, each in enumerate(lines):
        depth += 1 if re.match(r":::\w", each) else -1 if each == ":::" else 0
        if depth == 0:
            inner = _blocks(lines[1:at], writing)
            name, *options = macros.words(lines[0][3:])
            return macros.rich(name, macros.parameters(options), inner, writing), at + 1
    raise writing.wrong(f"{lines[0]!r} is never closed")


def _bodiless(lines: list[str], writing: Writing) -> tuple[str, int]:
    match = MACRO.match(lines[0])
    if not match:
        return "", 0
    given = macros.parameters(macros.words(match["options"]))
    return macros.bodiless(match["name"], given, writing), 1


def _image(lines: list[str], writing: Writing) -> tuple[str, int]:
    match = IMAGE.match(lines[0])
    if not match:
        return "", 0
    options = macros.parameters(macros.words(match["options"]))
    source = match["source"]
    resource = element("ri:url", {"ri:value": source}) if "://" in source else attachment(source)
    caption = options.pop("title", "")
    shown = element("ac:caption", content=element("p", content=line(caption, writing))) if caption else ""
    attributes = {"ac:align": "center", "ac:layout": "center", "ac:alt": match["alt"]}
    return element("ac:image", attributes | {f"ac:{key}": value for key, value in options.items()}, resource + shown), 1


def _paragraph(lines: list[str], writing: Writing) -> tuple[str, int]:
    taken = [lines[0]]
    for each in lines[1:]:
        if not each.strip() or BLOCK_START.match(each):
            break
        taken.append(each)
    return element("p", content="<br />".join(line(each, writing) for each in _unwrapped(taken))), len(taken)


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines of one paragraph joined, except after a line that ends in a backslash."""
    return [part.strip() for part in " ".join(each.strip() for each in lines).split("\\ ")]


def _while(lines: list[str], wanted: Callable[[str], bool]) -> list[str]:
    for at, each in enumerate(lines):
        if not wanted(each):
            return lines[:at]
    return lines


def _indented(lines: list[str]) -> list[str]:
    """The lines that belong to a list item: indented ones, and blank ones between them."""
    taken = _while(lines, lambda each: not each.strip() or each.startswith("  "))
    while taken and not taken[-1].strip():
        taken = taken[:-1]
    return taken


READERS: tuple[Reader, ...] = (
    _heading,
    _rule,
    _quotation,
    _table,
    _tasks,
    _list,
    _decisions,
    _fenced,
    _container,
    _bodiless,
    _image,
    _paragraph,
)
