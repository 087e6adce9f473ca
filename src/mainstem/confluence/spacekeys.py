"""Which spaces a list of keys means: case never counts, and an unknown key is answered with the near ones."""

import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from urllib.parse import unquote
from zlib import crc32

from mainstem.confluence.errors import UnknownSpace
from mainstem.wiki.content import Space

IN_ADDRESS = re.compile(r"/(?:spaces|display)/([^/?#]+)")


def key_in(pasted: str) -> str:
    """The key itself, or the one in the address of a space or page."""
    found = IN_ADDRESS.search(pasted)
    return unquote(found[1]) if found else pasted.strip()


def named(keys: Collection[str], found: Sequence[Space]) -> tuple[list[Space], list[str]]:
    """The spaces that the keys name, each once and in their order, and the keys that name none."""
    by_key = {space.key.casefold(): space for space in found}
    wanted = {key.strip().casefold(): key for key in keys}
    missing = [key for folded, key in wanted.items() if folded not in by_key]
    return [by_key[folded] for folded in wanted if folded in by_key], missing


def together_named(spaces: Sequence[Space]) -> str:
    """A name for some spaces: their keys if they are few, else another one for each choice and order of them."""
    keys = [space.key for space in spaces]
    if len(keys) == 1:
        return f"space {keys[0]}"
    return f"{len(keys)} spaces from {keys[0]} to {keys[-1]} ({crc32(' '.join(keys).encode()):08x})"


def unknown(missing: Sequence[str], visible: Sequence[Space]) -> UnknownSpace:
    """The error for keys that name no visible space; near are those with a similar key or the very name."""
    return UnknownSpace(missing, {key: _near(key, visible) for key in missing})


def _near(key: str, visible: Sequence[Space]) -> tuple[str, ...]:
    folded = key.strip().casefold()
    by_key = {space.key.casefold(): space.key for space in visible}
    close = [by_key[match] for match in get_close_matches(folded, by_key, n=3)]
    return tuple(dict.fromkeys([space.key for space in visible if space.name.casefold() == folded] + close))
