"""`mainstem schedule`: when a connection is synced by itself, which `serve` keeps."""

import json
import os
from typing import Annotated, Any

import typer

from mainstem.cli import options
from mainstem.cli.choosing import chosen
from mainstem.cli.endings import told
from mainstem.settings import Settings, load_settings
from mainstem.store import plans, runs
from mainstem.store.database import reading
from mainstem.store.runs import Aim
from mainstem.sync.coming import schedule_of, upcoming
from mainstem.sync.schedule import Schedule
from mainstem.wiring.home import Home, HomeInUse
from mainstem.wiring.hub import open_hub
from mainstem.wiring.reader import Reader, open_reader


def schedule(
    name: Annotated[str, typer.Argument(help="A connection.")],
    wanted: Annotated[
        str | None,
        typer.Argument(
            help="From now on: “every 30 minutes”, “hourly”, “daily 02:00 Europe/Berlin”, “weekly mon 02:00 UTC”, "
            "“cron 0 2 * * mon-fri UTC”, “once” or “manual”; with “between 22:00 and 06:00 UTC” behind it, syncs "
            "begin only in these hours. Default: tell what is set.",
            metavar="SCHEDULE",
            show_default=False,
        ),
    ] = None,
    home: options.HomeOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Tell by which schedule a connection is synced, and when next; or set it, also where a server owns the home."""
    with told():
        settings = load_settings()
        folder = home or settings.home
        if wanted is not None:
            _set(settings, Home(folder), name, Schedule.parse(wanted))
        with open_reader(settings, folder=folder, clock=options.clock) as reader:
            facts = _facts(reader, name)
        if as_json:
            typer.echo(json.dumps(facts))
            return
        typer.echo(f"{facts['name']}: {facts['says']}.{' It is paused.' if facts['paused'] else ''}")
        for at in facts["next_syncs"]:
            typer.echo(f"  {at}")


def _set(settings: Settings, home: Home, name: str, schedule: Schedule) -> None:
    try:
        with open_hub(settings, folder=home.folder, pid=os.getpid(), clock=options.clock) as hub:
            from mainstem.wiring.worker import Worker  # noqa: PLC0415  what works behind a server takes long to load

            Worker(hub).schedule(chosen(hub.engine, name).id, schedule, None)
    except HomeInUse as in_use:
        from mainstem.cli.sending import schedule_there  # noqa: PLC0415  what a server needs takes a third of a second

        with open_reader(settings, folder=home.folder, clock=options.clock) as reader:
            schedule_there(home, chosen(reader.engine, name), schedule, in_use)


def _facts(reader: Reader, name: str) -> dict[str, Any]:
    connection = chosen(reader.engine, name)
    with reading(reader.engine) as db:
        plan, run = plans.plan(db, connection.id), runs.latest(db, connection.id, Aim.EVERYTHING)
    schedule = schedule_of(plan)
    coming = upcoming(plan, run, reader.clock())
    return {
        "name": connection.name,
        "schedule": str(schedule),
        "says": schedule.words,
        "paused": plan.paused_at is not None,
        "next_syncs": [at.astimezone(schedule.place).isoformat(timespec="minutes") for at in coming],
    }
