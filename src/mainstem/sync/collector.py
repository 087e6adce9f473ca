"""The garbage collector of a process that works in batches: they hold many objects, and hardly any cycles."""

import gc

SELDOM = 50_000
"""Objects made since its last look; by default there are 700."""


def collect_seldom() -> None:
    """Keep what is loaded from the collector, which looks through the rest less often: a tenth of a sync was its.

    Once a process: what is kept is never freed again, and a second time that would be what the first hub left behind.
    """
    if gc.get_threshold()[0] != SELDOM:
        gc.freeze()
        gc.set_threshold(SELDOM)
