"""The options that say which Confluence site and how to sign in to it, and what they mean together."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any

import typer

from mainstem.cli.content import Content
from mainstem.cli.forms import Forms
from mainstem.cli.secrets import read_secret, read_token
from mainstem.cli.taking import AS_USUAL, Files
from mainstem.confluence.credentials import Credential, EmailToken, PersonalToken, UserPassword
from mainstem.errors import TellPerson
from mainstem.settings import Settings
from mainstem.sync.connecting import Wanted
from mainstem.wiki.content import Deployment

EVERYTHING = Content()
AS_IT_STANDS = Forms()

PANEL = "The site, and how to sign in"

UrlOption = Annotated[
    str | None,
    typer.Option(
        help="The site, or any page of it: acme.atlassian.net, https://wiki.acme.example.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
DeploymentOption = Annotated[
    Deployment | None,
    typer.Option(
        help="The family of Confluence. Default: whatever answers.", show_default=False, rich_help_panel=PANEL
    ),
]
EmailOption = Annotated[
    str | None,
    typer.Option(help="Cloud: the account's e-mail address.", show_default=False, rich_help_panel=PANEL),
]
TokenOption = Annotated[
    str | None,
    typer.Option(
        help="API token (Cloud) or personal access token (Data Center); - reads it from standard input. "
        "Default: MAINSTEM_TOKEN.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
TokenFileOption = Annotated[
    Path | None, typer.Option(help="A file that holds the token.", show_default=False, rich_help_panel=PANEL)
]
UserOption = Annotated[
    str | None,
    typer.Option(help="Data Center: user name, with --password.", show_default=False, rich_help_panel=PANEL),
]
PasswordOption = Annotated[
    str | None,
    typer.Option(
        help="Data Center: password of --user; - reads it from standard input.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]


class BadOptions(TellPerson):
    """Options that do not go together, or a missing one."""


@dataclass(frozen=True, slots=True)
class Site:
    """What a person gave of a site and of how to sign in to it; each field is an option (see `with_site_options`)."""

    url: UrlOption = None
    deployment: DeploymentOption = None
    email: EmailOption = None
    token: TokenOption = field(default=None, repr=False)
    token_file: TokenFileOption = None
    user: UserOption = None
    password: PasswordOption = field(default=None, repr=False)

    def wanted(
        self,
        settings: Settings,
        *,
        name: str | None = None,
        content: Content = EVERYTHING,
        forms: Forms = AS_IT_STANDS,
        files: Files = AS_USUAL,
    ) -> Wanted:
        """The connection that these options ask for. Raises BadOptions, which says what is missing."""
        if self.url is None:
            raise BadOptions("Give the site with --url.")
        return Wanted(
            url=self.url,
            credential=self.credential(settings),
            name=name,
            spaces=tuple(content.space or ()),
            kinds=content.kinds,
            deployment=self.deployment,
            filter=content.filter,
            conversion=forms.facts | files.facts,
        )

    def credential(self, settings: Settings) -> Credential:
        """The credential that these options amount to. Raises BadOptions and BadSecret."""
        if self.user is not None or self.password is not None:
            if self.user is None or self.password is None:
                raise BadOptions("Signing in by password needs both --user and --password.")
            return UserPassword(self.user, read_secret(self.password, "--password", sys.stdin))
        token = read_token(self.token, self.token_file, settings, sys.stdin)
        if token is None:
            raise BadOptions(
                "No credential: give --token (or --token-file, or MAINSTEM_TOKEN), or --user and --password."
            )
        return PersonalToken(token) if self.email is None else EmailToken(self.email, token)

    def refuse_without_url(
        self,
        name: str | None,
        content: Content = EVERYTHING,
        forms: Forms = AS_IT_STANDS,
        files: Files = AS_USUAL,
    ) -> None:
        """Raise BadOptions where options would change a stored connection, which has its own, or go unheard."""
        own = [f"--{option.replace('_', '-')}" for option in self.__slots__ if getattr(self, option)]
        given = [*own, *content.given, *forms.given, *files.given]
        if self.url is None and given:
            whose = name or "a stored connection"
            raise BadOptions(f"{whose} has its own {' and '.join(given)}: leave that out, or give --url too.")


GROUPS: dict[str, type[Any]] = {"given": Site, "content": Content, "forms": Forms, "files": Files}
"""Parameters of commands that stand for several options each."""


def with_site_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of `GROUPS` in the places of its parameters of these names, which take them as one."""
    own = [name for name in signature(command).parameters if name in GROUPS]

    @wraps(command)
    def called(**options: Any) -> None:
        for name in own:
            options[name] = GROUPS[name](**{each.name: options.pop(each.name) for each in fields(GROUPS[name])})
        command(**options)

    parameters: list[Parameter] = []
    for parameter in signature(command).parameters.values():
        if parameter.name in own:
            parameters += signature(GROUPS[parameter.name]).parameters.values()
        else:
            parameters.append(parameter)
    named = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in parameters]
    called.__signature__ = Signature(named)  # type: ignore[attr-defined]  # what `inspect.signature` looks at first
    return called
