"""`mainstem connect`: adds a connection whose credential Confluence has accepted."""

import asyncio
import json
import os

import typer

from mainstem.cli import options
from mainstem.cli.endings import told
from mainstem.settings import load_settings
from mainstem.wiring.hub import open_hub


def connect(
    *,
    url: options.UrlOption = None,
    deployment: options.DeploymentOption = None,
    email: options.EmailOption = None,
    token: options.TokenOption = None,
    token_file: options.TokenFileOption = None,
    user: options.UserOption = None,
    password: options.PasswordOption = None,
    space: options.SpaceOption = None,
    name: options.NameOption = None,
    without: options.WithoutOption = None,
    home: options.HomeOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Add a connection to a Confluence site, once its credential is proved to work."""
    with told():
        settings = load_settings()
        site = options.SiteOptions(
            url=url,
            deployment=deployment,
            email=email,
            token=token,
            token_file=token_file,
            user=user,
            password=password,
            spaces=tuple(space or ()),
            name=name,
            without=tuple(without or ()),
        )
        wanted = site.wanted(settings)
        folder = options.folder_of(home, settings)
        with open_hub(settings, folder=folder, pid=os.getpid(), clock=options.clock) as hub:
            saved = asyncio.run(hub.connect(wanted))
        spaces = "all spaces" if saved.chosen_spaces is None else ", ".join(saved.chosen_spaces)
        if as_json:
            facts = {
                "name": saved.name,
                "url": saved.url,
                "deployment": saved.deployment,
                "account": saved.account_name,
            }
            typer.echo(json.dumps(facts | {"spaces": saved.chosen_spaces}))
        else:
            typer.echo(f"Connected {saved.name} ({saved.url}) as {saved.account_name}: {spaces}.")
            typer.echo(f'Next: mainstem sync "{saved.name}" --home {folder}')
