"""`mainstem sso`: the provider that people sign in at, told, named or given up."""

import asyncio
import json
import os
import sys
from typing import Annotated

import typer

from mainstem.accounts import single_sign_on
from mainstem.accounts.single_sign_on import Newcomers
from mainstem.cli import options
from mainstem.cli.endings import told
from mainstem.cli.secrets import read_secret
from mainstem.errors import TellPerson
from mainstem.settings import load_settings
from mainstem.store import sign_on as store
from mainstem.store.database import reading
from mainstem.wiring.hub import Hub, open_hub
from mainstem.wiring.reader import open_reader
from mainstem.wiring.single_sign_on import Wanted, configure, facts

IssuerOption = Annotated[
    str | None,
    typer.Option("--issuer", help="From now on, people sign in at this provider: its address.", show_default=False),
]
NameOption = Annotated[str, typer.Option("--name", help="What people call it: “Sign in with …”.", show_default=False)]
ClientOption = Annotated[
    str, typer.Option("--client-id", help="What it calls Mainstem. Needed with --issuer.", show_default=False)
]
SecretOption = Annotated[
    str,
    typer.Option(
        "--secret",
        help="The client secret; - reads one line of standard input. Default: the one that is stored for it.",
        show_default=False,
    ),
]
NewcomersOption = Annotated[
    Newcomers,
    typer.Option("--newcomers", help="Who may come in that is no member, by a verified email."),
]
DomainOption = Annotated[
    list[str] | None,
    typer.Option("--domain", help="With --newcomers domains: emails of this domain; repeat for more."),
]
OffOption = Annotated[bool, typer.Option("--off", help="Let nobody sign in there any more.")]


class Unclear(TellPerson):
    """The options do not say one thing."""


def sso(
    *,
    issuer: IssuerOption = None,
    name: NameOption = "",
    client_id: ClientOption = "",
    secret: SecretOption = "",
    newcomers: NewcomersOption = Newcomers.NOBODY,
    domain: DomainOption = None,
    off: OffOption = False,
    home: options.HomeOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Tell where people sign in; name a provider that speaks OpenID Connect, which is asked first; or give it up."""
    with told():
        settings = load_settings()
        folder = home or settings.home
        if issuer is None and (name or client_id or secret or domain):
            raise Unclear("Which provider is it? Say --issuer as well.")
        if issuer is not None and off:
            raise Unclear("--issuer names a provider, and --off gives it up: say one of them.")
        if issuer is not None or off:
            given = read_secret(secret, "--secret", sys.stdin) if secret else ""
            wanted = Wanted(name, issuer or "", client_id, given, newcomers, " ".join(domain or ()))
            with open_hub(settings, folder=folder, pid=os.getpid(), clock=options.clock) as hub:
                _change(hub, None if off else wanted)
        with open_reader(settings, folder=folder, clock=options.clock) as reader, reading(reader.engine) as db:
            setting = store.saved(db)
        if as_json:
            typer.echo(json.dumps(facts(setting, settings.public_url), ensure_ascii=False))
        elif setting is None:
            typer.echo("People sign in with passwords alone.")
        else:
            welcome = ", ".join(setting.domains) or setting.newcomers
            typer.echo(f"People sign in with {setting.name} ({setting.issuer}) too. New there: {welcome}.")


def _change(hub: Hub, wanted: Wanted | None) -> None:
    if wanted is not None:
        asyncio.run(configure(hub, None, wanted))
        return
    with hub.engine.begin() as db:
        single_sign_on.end(db, None, hub.clock())
