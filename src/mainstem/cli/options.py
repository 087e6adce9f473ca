"""The options that several commands share, and what they mean together."""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from mainstem.cli.tokens import read_token
from mainstem.confluence.credentials import Credential, EmailToken, PersonalToken, UserPassword
from mainstem.errors import TellPerson
from mainstem.settings import Settings
from mainstem.sync.connecting import Wanted
from mainstem.wiki.content import Deployment, Kind

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="The folder of the hub. Default: MAINSTEM_HOME, else ~/.mainstem.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
UrlOption = Annotated[
    str | None, typer.Option(help="The site, or the address of any of its pages: acme.atlassian.net, https://wiki...")
]
DeploymentOption = Annotated[
    Deployment | None, typer.Option(help="The family of Confluence. Default: whatever answers.", show_default=False)
]
EmailOption = Annotated[str | None, typer.Option(help="Cloud: the account's e-mail address.")]
TokenOption = Annotated[
    str | None,
    typer.Option(help="API token (Cloud) or personal access token (Data Center); - reads it from standard input."),
]
TokenFileOption = Annotated[Path | None, typer.Option(help="A file that holds the token.")]
UserOption = Annotated[str | None, typer.Option(help="Data Center: user name, with --password.")]
PasswordOption = Annotated[str | None, typer.Option(help="Data Center: password of --user.")]
SpaceOption = Annotated[
    list[str] | None, typer.Option("--space", help="The key of a space to load; repeat for more. Default: all.")
]
NameOption = Annotated[str | None, typer.Option(help="What to call the connection. Default: the site's own name.")]
WithoutOption = Annotated[
    list[Kind] | None, typer.Option("--without", help="A kind of content to leave out: comment, attachment ...")
]


class BadOptions(TellPerson):
    """Options that do not go together, or a missing one."""


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """What a person gave of a site and of how to sign in to it."""

    url: str | None = None
    deployment: Deployment | None = None
    email: str | None = None
    token: str | None = None
    token_file: Path | None = None
    user: str | None = None
    password: str | None = None
    spaces: tuple[str, ...] = ()
    name: str | None = None
    without: tuple[Kind, ...] = ()

    def wanted(self, settings: Settings) -> Wanted:
        """The connection that these options ask for. Raises BadOptions, which says what is missing."""
        if self.url is None:
            raise BadOptions("Give the site with --url, or the name of a connection that exists.")
        kinds = frozenset({Kind.PAGE, Kind.BLOGPOST, Kind.COMMENT, Kind.ATTACHMENT}) - frozenset(self.without)
        return Wanted(
            url=self.url,
            credential=self.credential(settings),
            name=self.name,
            spaces=self.spaces,
            kinds=kinds,
            deployment=self.deployment,
        )

    def credential(self, settings: Settings) -> Credential:
        """The credential that these options amount to."""
        if self.user is not None or self.password is not None:
            if self.user is None or self.password is None:
                raise BadOptions("Signing in by password needs both --user and --password.")
            return UserPassword(self.user, self.password)
        token = read_token(self.token, self.token_file, settings, sys.stdin)
        if token is None:
            raise BadOptions(
                "No credential: give --token (or --token-file, or MAINSTEM_TOKEN), or --user and --password."
            )
        return PersonalToken(token) if self.email is None else EmailToken(self.email, token)


def clock() -> datetime:
    """The one clock of the command line."""
    return datetime.now(UTC)  # noqa: TID251 - the edge where the clock enters


def folder_of(home: Path | None, settings: Settings) -> Path:
    """The home that a command works on."""
    return home or settings.home
