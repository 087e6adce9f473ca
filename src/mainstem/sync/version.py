"""The version of the order in which a sync commits its batches: a resumed run must repeat the order it began with.

Made from the source, so that nobody has to remember to raise it: after any change in the packages below, an unfinished
run of before is ended and a new one begun. That costs a listing, and no data.
"""

from hashlib import sha256
from importlib.resources import files

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
