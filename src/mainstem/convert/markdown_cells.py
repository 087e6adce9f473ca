"""What stands in a cell of a Markdown table: one line, blocks parted by `<br>`, bars escaped."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from mainstem.convert import nodes
from mainstem.convert.markdown_inline import InlineMarkdown, code_span, placeholder
from mainstem.convert.plain import MISSING, inline_text
from mainstem.convert.tables import Slot, grid


class Cells:
    """Renders cells; its inline writer must write a break as `<br>`."""

    def __init__(self, inline: InlineMarkdown) -> None:
        self._inline = inline

    def row(self, row: list[Slot | None], *, bold: bool) -> str:
        """One row of the grid; with `bold`, header cells are set so (those that stand below the head)."""
        return "".join(("|", *(f" {self._slot(slot, bold=bold)} |" for slot in row))) if row else "| |"

    def lines(self, blocks: Iterable[nodes.Block]) -> str:
        """Blocks as one line."""
        return "<br>".join(filter(None, (_BLOCKS[type(block)](self, block) for block in blocks)))

    def _slot(self, slot: Slot | None, *, bold: bool) -> str:
        if slot is None or not slot.first:
            return ""
        blocks = slot.cell.blocks
        if len(blocks) == 1 and type(only := blocks[0]) is nodes.Paragraph:
            strong = bold and slot.cell.header
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
            return placeholder(f"macro: {block.macro}", block.title)
        return "<br>".join(filter(None, (self._bold(block.title), self.lines(block.blocks))))

    def inside(self, block: Any) -> str:
        return self.lines(block.blocks)

    def rule(self, _block: nodes.Rule) -> str:
        return ""

    def _bold(self, title: str) -> str:
        return self._inline.line((nodes.Styled("strong", (title,)),)) if title else ""


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
