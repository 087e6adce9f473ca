"""A short notation that the sample's pages are written in, and its way into Confluence's storage format.

It exists so that a page of the sample can be read and edited as text; the modules below open with what each knows.
It is not a Markdown reader: it serves what the sample uses and refuses the rest with `NotationError`.

    inline   emphasis, links, mentions, dates, status, emoji, maths, markers of inline comments
    tables   pipe tables with header cells, merged cells, colours and blocks in cells
    blocks   headings, lists, tasks, decisions, code, images, macros with and without a body, layouts
"""

from confluence_emulator.sample.notation.blocks import render
from confluence_emulator.sample.notation.writing import NotationError, Writing

__all__ = ["NotationError", "Writing", "render"]
