"""The command line: `confluence-emulator serve` starts a wiki and prints what to paste into a connector."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from confluence_emulator.accounts import CredentialKind
from confluence_emulator.app import DEPLOYMENTS, create_app, open_desk
from confluence_emulator.consents import App
from confluence_emulator.faults import Fault, FaultError, parse_fault
from confluence_emulator.sample import build_sample_site, generate, load_directory
from confluence_emulator.state import Site, User

PORT = 8090
SHOWN_PEOPLE = 3

cli = typer.Typer(add_completion=False, no_args_is_help=False, help="A stateful Confluence in a box.")


def clock() -> datetime:
    """The machine's clock, which everything below takes as an input."""
    return datetime.now(UTC)  # noqa: TID251 - the composition root hands the clock in


@cli.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Serve the sample site where no command is given."""
    if context.invoked_subcommand is None:
        serve()


@cli.command()
def serve(  # noqa: PLR0913 - one argument for each option
    *,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = PORT,
    data: Annotated[Path | None, typer.Option(help="Folder to serve instead of the sample site.")] = None,
    spaces: Annotated[int, typer.Option(help="With --pages: how many spaces to make up.")] = 1,
    pages: Annotated[int, typer.Option(help="How many pages to make up instead of the sample site.")] = 0,
    seed: Annotated[int, typer.Option(help="What made-up pages, and chance in faults, come from.")] = 0,
    latency: Annotated[int, typer.Option(help="Milliseconds that every answer takes longer.")] = 0,
    deployment: Annotated[str, typer.Option(help=f"One of {', '.join(DEPLOYMENTS)}.")] = "both",
    fault: Annotated[list[str] | None, typer.Option(help="What goes wrong, such as 429:every=7; repeatable.")] = None,
) -> None:
    """Serve a site until interrupted, and print the credentials that it knows."""
    if deployment not in DEPLOYMENTS:
        raise typer.BadParameter(f"must be one of {', '.join(DEPLOYMENTS)}", param_hint="--deployment")
    faults = read_faults(fault or [], latency)
    site = choose_site(data, spaces, pages, seed)
    settle(site, port, deployment)
    desk = open_desk(site, faults=faults)
    desk.faults.seed = seed
    for line in greeting(site, deployment):
        typer.echo(line)
    app = create_app(site, desk=desk, deployment=deployment, media_url=f"http://localhost:{port}")
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)


def settle(site: Site, port: int, deployment: str) -> None:
    """Give the site its addresses on this machine.

    Its two names are two origins, as Cloud and its media host are, and as Cloud and Data Center are.
    """
    site.base_url = f"http://127.0.0.1:{port}/wiki"
    site.datacenter_url = f"http://{'127.0.0.1' if deployment == 'datacenter' else 'localhost'}:{port}/confluence"


def read_faults(specs: list[str], latency: int) -> list[Fault]:
    """The faults asked for; `latency` in milliseconds is one more."""
    try:
        faults = [parse_fault(spec) for spec in specs]
        return [*faults, parse_fault(f"latency:seconds={latency / 1000}")] if latency else faults
    except FaultError as error:
        raise typer.BadParameter(str(error), param_hint="--fault") from None


def choose_site(data: Path | None, spaces: int, pages: int, seed: int) -> Site:
    """A folder's site, a made-up one, or the sample."""
    if data is not None:
        return load_directory(data, clock)
    return generate(spaces, pages, seed, clock) if pages else build_sample_site(clock)


def greeting(site: Site, deployment: str) -> Iterator[str]:
    """What is printed at the start: the flags to paste, by kind of credential, for the first few accounts."""
    pages, spaces = sum(content.kind == "page" for content in site.contents.values()), len(site.spaces)
    yield f"{site.name}: {_amount(pages, 'page')} in {_amount(spaces, 'space')}. Stop with Ctrl+C."
    people = [user for user in site.users.values() if user.active][:SHOWN_PEOPLE]
    if deployment != "datacenter":
        gateway = f"{site.base_url.removesuffix('/wiki')}/ex/confluence/{site.cloud_id}/wiki"
        yield "\nConfluence Cloud"
        for user in people:
            yield f"  {user.display_name}"
            yield f"    --url {site.base_url} --email {user.email} --token {_secret(user, CredentialKind.API_TOKEN)}"
            yield f"    --url {gateway} --email {user.email} --token {_secret(user, CredentialKind.SCOPED_TOKEN)}"
            yield f'    --url {gateway} and the header "Authorization: Bearer {_secret(user, CredentialKind.OAUTH)}"'
        app, root = App(), site.base_url.removesuffix("/wiki")
        yield f"  An app (OAuth 2.0): client id {app.client_id}, secret {app.client_secret}, at {root}"
    if deployment != "cloud":
        url = site.datacenter_url
        yield "\nConfluence Data Center"
        for user in people:
            yield f"  {user.display_name}"
            yield f"    --url {url} --token {_secret(user, CredentialKind.PERSONAL_ACCESS_TOKEN)}"
            yield f"    --url {url} --user {user.username} --password {_secret(user, CredentialKind.PASSWORD)}"


def _amount(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _secret(user: User, kind: CredentialKind) -> str:
    return f"{user.username}-{kind}"


def main() -> None:
    """The console command."""
    cli()
