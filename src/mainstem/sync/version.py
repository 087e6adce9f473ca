"""The versions of what a sync leaves behind, made from the source, so that nobody has to remember to raise them.

One is of the order in which a sync commits its batches: a resumed run must repeat the order it began with, so after any
change in the packages below, an unfinished run of before is ended and a new one begun. That costs a listing, and no
data. The other is of the converter: what another one made of a body is made anew.
"""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from mainstem.wiki import properties
from mainstem.wiki.conversion import AS_IT_STANDS, ConversionOptions

PACKAGES = ("mainstem.sync", "mainstem.confluence")
"""Those whose words stand in checkpoints: what a batch tells the run, and where a listing goes on."""


def order_version() -> str:
    """A short digest of the source of `PACKAGES`."""
    digest = sha256()
    for package in PACKAGES:
        modules = [module for module in files(package).iterdir() if module.name.endswith(".py")]
        for module in sorted(modules, key=lambda each: each.name):
            digest.update(module.read_bytes())
    return digest.hexdigest()[:12]


def extraction_version(options: ConversionOptions = AS_IT_STANDS) -> int:
    """A number for the converter of this program and what it is to do, 31 bits at most.

    What tells the types of page properties counts as a part of it. Finding it out does not load the converter.
    """
    return _converter() ^ (int(options.digest[:8] or "0", 16) >> 1)


@cache
def _converter() -> int:
    spec = find_spec("mainstem.convert")
    digest = sha256(Path(properties.__file__).read_bytes())
    for folder in (spec and spec.submodule_search_locations) or ():
        for module in sorted(Path(folder).rglob("*.py")):
            digest.update(module.read_bytes())
    return int.from_bytes(digest.digest()[:4]) >> 1
