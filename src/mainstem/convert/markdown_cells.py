"""What stands in a cell of a Markdown table: one line, blocks parted by `<br>`, bars escaped."""

from collections import Counter
from collections.abc import Callable, Container, Iterable
from typing import Any, Final

from mainstem.convert import nodes
from mainstem.convert.listings import LISTINGS
from mainstem.convert.markdown_inline import ANCHOR, InlineMarkdown, code_span, placeholder
from mainstem.convert.plain import LONGEST_AGAIN, MISSING, inline_text
from mainstem.convert.tables import Slot, grid

_ROOM: Final = 1000
"""Characters that merged cells of even a small table may say again."""


class Cells:
    """Renders cells; its inline writer must write a break as `<br>`."""

    def __init__(self, inline: InlineMarkdown) -> None:
        self._inline = inline

    def rows(self, rows: list[list[Slot | None]], *, head: bool) -> list[str]:
        """The rows of a whole grid, a `head` in full width; header cells that stand below it are bold."""
        texts = {
            id(slot.cell): self._text(slot.cell, bold=number > 0 or not head)
            for number, row in enumerate(rows)
            for slot in row
            if slot and slot.first
        }
        width = max(map(len, rows))
        again = _said_again(rows, width, texts)
        return [_line(row, texts, again, width if head and not number else 0) for number, row in enumerate(rows)]

    def lines(self, blocks: Iterable[nodes.Block]) -> str:
        """Blocks as one line."""
        return "<br>".join(filter(None, (_BLOCKS[type(block)](self, block) for block in blocks)))

    def _text(self, cell: nodes.Cell, *, bold: bool) -> str:
        blocks = cell.blocks
        if len(blocks) == 1 and type(only := blocks[0]) is nodes.Paragraph:
            strong = bold and cell.header
            text = self._inline.line((nodes.Styled("strong", only.content),) if strong else only.content)
        else:
            text = self.lines(blocks)
        return text.replace("|", "\\|").replace("\n", " ")

    def paragraph(self, block: nodes.Paragraph) -> str:
        return self._inline.line(block.content)

    def heading(self, block: nodes.Heading) -> str:
        return self._inline.line((nodes.Styled("strong", block.content),))

    def items(self, block: nodes.List) -> str:
        numbered = enumerate(block.items, block.start)
        return self._marked((f"{n}. " if block.ordered else "• ", item.blocks) for n, item in numbered)

    def tasks(self, block: nodes.TaskList) -> str:
        return self._marked(("☑ " if task.done else "☐ ", task.blocks) for task in block.tasks)

    def decisions(self, block: nodes.DecisionList) -> str:
        return self._marked(("◆ ", decision.blocks) for decision in block.decisions)

    def _marked(self, items: Iterable[tuple[str, tuple[nodes.Block, ...]]]) -> str:
        return "<br>".join(mark + text for mark, blocks in items if (text := self.lines(blocks)))

    def code(self, block: nodes.Code) -> str:
        return "<br>".join(filter(None, (self._bold(block.title), _code_lines(block.text))))

    def preformatted(self, block: nodes.Preformatted) -> str:
        return _code_lines(inline_text(block.content, self._inline.links))

    def table(self, block: nodes.Table) -> str:
        """A table within a table: a line per row, its cells parted by strokes."""
        rows = ([self.lines(slot.cell.blocks) for slot in row if slot and slot.first] for row in grid(block))
        return "<br>".join(filter(None, (" / ".join(filter(None, row)) for row in rows)))

    def titled(self, block: nodes.Panel | nodes.Expand) -> str:
        return "<br>".join(filter(None, (self._bold(block.title), self.lines(block.blocks))))

    def columns(self, block: nodes.Columns) -> str:
        return "<br>".join(filter(None, map(self.lines, block.columns)))

    def include(self, block: nodes.Include) -> str:
        if block.blocks is None:
            return f"↪ {self._inline.line((nodes.Link(block.target),))}"
        return self.lines(block.blocks) or MISSING

    def listing(self, block: nodes.Listing) -> str:
        if block.blocks is None:
            return placeholder(LISTINGS[block.macro], block.title)
        return "<br>".join(filter(None, (self._bold(block.title), self.lines(block.blocks))))

    def inside(self, block: Any) -> str:
        return self.lines(block.blocks)

    def rule(self, _block: nodes.Rule) -> str:
        return ""

    def _bold(self, title: str) -> str:
        return self._inline.line((nodes.Styled("strong", (title,)),)) if title else ""


def _line(row: list[Slot | None], texts: dict[int, str], again: Container[int], width: int) -> str:
    """One row, without places at its end that nothing is said in, but those up to a `width`."""
    cells = [id(slot.cell) if slot and (slot.first or id(slot.cell) in again) else None for slot in row]
    while cells and cells[-1] is None:
        cells.pop()
    cells.extend([None] * (width - len(cells)))
    return "".join(("|", *(f" {texts[cell] if cell else ''} |" for cell in cells))) if cells else "| |"


def _said_again(rows: list[list[Slot | None]], width: int, texts: dict[int, str]) -> frozenset[int]:
    """The merged cells that are said in each of their places: else no reader could tell what a value stands under.

    Short ones, and none that is a heading across the table or a place that links lead to. Where they would say more
    than the whole table says once, none.
    """
    places = Counter(
        id(slot.cell) for row in rows if not _is_one_cell(row, width) for slot in row if slot and not slot.first
    )
    short = {
        cell: times for cell, times in places.items() if len(texts[cell]) <= LONGEST_AGAIN and ANCHOR not in texts[cell]
    }
    room = _ROOM + sum(map(len, texts.values()))
    return frozenset(short) if sum(times * len(texts[cell]) for cell, times in short.items()) <= room else frozenset()


def _is_one_cell(row: list[Slot | None], width: int) -> bool:
    return len(row) == width and len({id(slot.cell) if slot else 0 for slot in row}) == 1


def _code_lines(text: str) -> str:
    return "<br>".join(code_span(line) for line in text.splitlines() if line.strip())


_BLOCKS: Final[dict[type, Callable[[Cells, Any], str]]] = {
    nodes.Paragraph: Cells.paragraph,
    nodes.Heading: Cells.heading,
    nodes.List: Cells.items,
    nodes.TaskList: Cells.tasks,
    nodes.DecisionList: Cells.decisions,
    nodes.Quote: Cells.inside,
    nodes.Rule: Cells.rule,
    nodes.Code: Cells.code,
    nodes.Preformatted: Cells.preformatted,
    nodes.Table: Cells.table,
    nodes.Panel: Cells.titled,
    nodes.Expand: Cells.titled,
    nodes.Columns: Cells.columns,
    nodes.Excerpt: Cells.inside,
    nodes.Include: Cells.include,
    nodes.Listing: Cells.listing,
    nodes.Properties: Cells.inside,
    nodes.Unknown: Cells.inside,
}
