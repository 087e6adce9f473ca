"""The sample site of a served hub: begun when somebody asks for it, and again whenever the hub is served later on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path

from mainstem.sync.connecting import Wanted


@contextmanager
def sample_of(kept_in: Path) -> Iterator[Callable[[], Wanted]]:
    """How to connect to the sample site, which is served from the first call until the block ends.

    `kept_in` is the file that remembers the port of a site that was begun before, by which it is known to the hub.
    """
    begun: list[Wanted] = []
    with ExitStack() as sites:

        def begin() -> Wanted:
            if not begun:
                site = import_module("mainstem.cli.sample_site")
                known_as = _port(kept_in)
                served = sites.enter_context(site.serving(known_as))
                if known_as is None:
                    kept_in.write_text(str(served.port), encoding="ascii")
                begun.append(site.wanted(served))
            return begun[0]

        if kept_in.exists():
            begin()
        yield begin


def _port(kept_in: Path) -> int | None:
    try:
        return int(kept_in.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
