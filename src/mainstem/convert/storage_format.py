"""From storage format to an XML tree: strictly where the markup is sound, leniently where it is not.

Never raises on any text, and never drops any: `broken_markup` takes what XML refuses. No document can bring a DTD, an
external entity or a network address: the only DTD is ours, and declares only the named characters the document uses.
"""

import html
import re
from typing import Final

from lxml import etree
from lxml.etree import _Element as Element

from mainstem.convert import broken_markup

_ENTITY: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_BUILT_IN: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_OPENING: Final = '<r xmlns:ac="ac" xmlns:ri="ri" xmlns:at="at">'


def tree(source: str) -> Element:
    """The root above `source`; elements and attributes of `ac:`, `ri:`, `at:` read `{ac}link`, `{ri}page` and so on."""
    if "<!DOCTYPE" not in source and "<!ENTITY" not in source:
        parser = etree.XMLParser(
            huge_tree=True, no_network=True, remove_comments=True, remove_pis=True, load_dtd=False, dtd_validation=False
        )
        try:
            return etree.fromstring(f"{_declarations(source)}{_OPENING}{source}</r>", parser)
        except (etree.XMLSyntaxError, ValueError):
            pass
    return broken_markup.tree(source)


def _declarations(source: str) -> str:
    names = set(_ENTITY.findall(source)) - _BUILT_IN
    if not names:
        return ""
    return f"<!DOCTYPE r [{''.join(map(_declaration, names))}]>"


def _declaration(name: str) -> str:
    """A named character, or the reference itself as text where HTML knows no such name."""
    text = html.unescape(f"&{name};")
    if text.endswith(f"{name};"):
        return f'<!ENTITY {name} "&#38;#38;{name};">'
    return f'<!ENTITY {name} "{"".join(f"&#{ord(character)};" for character in text)}">'
