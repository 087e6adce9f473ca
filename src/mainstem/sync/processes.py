"""How a process of ours starts beside this one: forked from a clean server where the system can, else spawned.

The server imports once, on another core, what its children will need; asked for early, it is ready when they are.
"""

import multiprocessing
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, SpawnContext

FORKS = "forkserver" in multiprocessing.get_all_start_methods()


def context() -> ForkServerContext | SpawnContext:
    """What makes processes, pools and the lines between them."""
    return multiprocessing.get_context("forkserver") if FORKS else multiprocessing.get_context("spawn")


def prepare(*modules: str) -> None:
    """Start the server now, with these modules imported in all that it forks."""
    if FORKS:
        forkserver.set_forkserver_preload(list(modules))
        forkserver.ensure_running()
