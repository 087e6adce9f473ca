"""ADF, the Atlassian document format, read as the elements of storage format that say the same.

A construct so has one reader and a macro one handler, whichever format a page came in; `NODES` maps a type to what
writes it, and is the place to add one. Wrong types count as absent, and nodes that no entry names keep their content.
"""

import json
import re
from contextlib import suppress
from typing import Final

from lxml.etree import _Element as Element

from mainstem.convert.adf.blocks import BLOCKS
from mainstem.convert.adf.extensions import EXTENSIONS, unknown
from mainstem.convert.adf.files import FILES
from mainstem.convert.adf.lines import LINES
from mainstem.convert.adf.writer import NodeWriter, Writer
from mainstem.convert.errors import NotADocument

_LOOKS_LIKE: Final = re.compile(r'\s*\{\s*"(?:type|version|content|attrs)"\s*:')
_WORDS: Final = re.compile(r'"text"\s*:\s*("(?:[^"\\]|\\.)*")', re.DOTALL)


def looks_like(source: str) -> bool:
    """Whether a body is ADF rather than storage format, by how it begins."""
    return _LOOKS_LIKE.match(source) is not None


def tree(source: str) -> Element:
    """The root above the elements that `source` stands for, as `storage_format.tree` gives it.

    Raises NotADocument where it is not JSON, or JSON of something else; what is nested too deeply for a reader of JSON
    keeps its words alone.
    """
    writer = Writer(NODES, unknown)
    try:
        document = json.loads(source)
    except RecursionError:
        for found in _WORDS.finditer(source):
            with suppress(ValueError):
                writer.leaf("p", json.loads(found[1], strict=False))
        return writer.done()
    except ValueError as error:
        place = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise NotADocument(f"it is not JSON{place}") from None
    if not isinstance(document, dict) or not isinstance(document.get("content"), list):
        raise NotADocument("it has no content")
    writer.content(document)
    return writer.done()


NODES: Final[dict[str, NodeWriter]] = {**BLOCKS, **LINES, **FILES, **EXTENSIONS}
