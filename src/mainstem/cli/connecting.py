"""`mainstem connect`: adds a connection whose credential Confluence has accepted."""

import asyncio
import json
import os
from typing import Annotated

import typer

from mainstem.cli import options, site
from mainstem.cli.content import Content
from mainstem.cli.endings import told
from mainstem.cli.forms import Forms
from mainstem.cli.taking import Files
from mainstem.settings import load_settings
from mainstem.wiki import conversion
from mainstem.wiki.selection import facts_of
from mainstem.wiring.hub import open_hub

NameOption = Annotated[
    str | None,
    typer.Option(help="What to call the connection. Default: the site's own name.", show_default=False),
]


@site.with_site_options
def connect(
    *,
    given: site.Site,
    name: NameOption = None,
    content: Content,
    forms: Forms,
    files: Files,
    home: options.HomeOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Add a connection to a Confluence site, once its credential is proved to work."""
    with told():
        settings = load_settings()
        wanted = given.wanted(settings, name=name, content=content, forms=forms, files=files)
        folder = home or settings.home
        with open_hub(settings, folder=folder, pid=os.getpid(), clock=options.clock) as hub:
            saved = asyncio.run(hub.connect(wanted, by=None)).connection
        if as_json:
            facts = {
                "name": saved.name,
                "url": saved.url,
                "deployment": saved.deployment,
                "account": saved.account_name,
                "spaces": saved.chosen_spaces,
                "kinds": sorted(saved.kinds),
                "filter": facts_of(saved.filter),
                "conversion": conversion.facts_of(saved.conversion),
            }
            typer.echo(json.dumps(facts))
            return
        spaces = "all spaces" if saved.chosen_spaces is None else ", ".join(saved.chosen_spaces)
        typer.echo(f"Connected {saved.name} ({saved.url}) as {saved.account_name}: {spaces}.")
        typer.echo(f'Next: mainstem sync "{saved.name}" --home {folder}')
