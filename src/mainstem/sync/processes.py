"""How a process of ours starts beside this one: forked from a clean server where the system can, else spawned.

The server imports once, on another core, what its children will need; asked for early, it is ready when they are.
A terminal's Ctrl+C reaches them all, and is for the first process alone: the others end with it.
"""

import multiprocessing
import os
import signal
import threading
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import ForkServerContext, SpawnContext

_prepared = threading.Event()

FORKS = "forkserver" in multiprocessing.get_all_start_methods()


def context() -> ForkServerContext | SpawnContext:
    """What makes processes, pools and the lines between them."""
    if not FORKS:
        return multiprocessing.get_context("spawn")
    _serve()
    return multiprocessing.get_context("forkserver")


def prepare(*modules: str) -> None:
    """Start the server now, with these modules imported in all that it forks."""
    if FORKS:
        forkserver.set_forkserver_preload(list(modules))
        _serve()
        _prepared.set()


def prepared() -> bool:
    """Whether the server was asked for early, so that a process starts in no time."""
    return _prepared.is_set()


def end_with_parent() -> None:
    """End this process with the one that began it: a killed one says no goodbye, and its child would wait for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _serve() -> None:
    resource_tracker.ensure_running()  # first, for starting it lets the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
