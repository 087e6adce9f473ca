"""`mainstem worker`: one of any number of processes that sync for the hubs that share a PostgreSQL server."""

import asyncio
import json
import logging
import signal
from types import FrameType
from typing import NoReturn

import typer

from mainstem.cli import options
from mainstem.cli.endings import told
from mainstem.settings import load_settings
from mainstem.wiring.hub import open_worker
from mainstem.wiring.worker import Worker

STOPPED = "Stopped. A sync that was under way is taken up by another worker, or by the next that starts."


def worker(home: options.HomeOption = None, as_json: options.JsonOption = False) -> None:
    """Sync what is due, beside any number of other workers, until a signal ends it.

    It needs the hub's key, as MAINSTEM_KEY or in the home, and where files are kept: see docs/scale.md.
    """
    with told(interrupted=STOPPED):
        settings = load_settings()
        # Asked to end by whoever looks after processes: as by Ctrl+C, what it was at is free at once.
        signal.signal(signal.SIGTERM, _end)
        logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
        with open_worker(settings, folder=home or settings.home, clock=options.clock) as hub:
            typer.echo(json.dumps({"working": True}) if as_json else "Working (Ctrl+C ends it)")
            asyncio.run(Worker(hub).work())


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
