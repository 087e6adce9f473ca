"""Where people come back to from Atlassian, and how whoever runs the hub makes the app that sends them there."""

from dataclasses import dataclass

from fastapi import Request

from mainstem.confluence.scopes import READ_SCOPES
from mainstem.web.face import face_of
from mainstem.web.office import office_of
from mainstem.web.words import Link

BACK = "/atlassian/back"
VARIABLES = ("MAINSTEM_ATLASSIAN_CLIENT_ID", "MAINSTEM_ATLASSIAN_CLIENT_SECRET")
CONSOLE = Link("Open the developer console", "https://developer.atlassian.com/console/myapps/")


@dataclass(frozen=True, slots=True)
class Atlassian:
    """Whether people can be sent to Atlassian; where not, the `steps` that make it so, with the `scopes` it takes."""

    ready: bool
    steps: tuple[str, ...]
    scopes: tuple[str, ...] = READ_SCOPES
    page: Link = CONSOLE


def way_back(request: Request) -> str:
    """The address that Atlassian sends people back to, which its app must know."""
    return (face_of(request).public_url or str(request.base_url).rstrip("/")) + BACK


def atlassian(request: Request) -> Atlassian:
    """How things stand with Connect with Atlassian."""
    return Atlassian(
        office_of(request).hub.grants.app is not None,
        (
            "Open the developer console, with any Atlassian account: Create, OAuth 2.0 integration; name it Mainstem.",
            f"Authorization, OAuth 2.0 (3LO), Add: enter the callback URL {way_back(request)}",
            "Permissions, Confluence API, Add, Configure: choose the scopes below, all of them for reading.",
            "Distribution: share it, where other people than you are to connect by it.",
            f"Settings: copy the client id and the secret into {' and '.join(VARIABLES)}, and start Mainstem again.",
        ),
    )
