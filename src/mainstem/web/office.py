"""What admins work with besides reading: the hub as it is written, and what works behind it."""

from dataclasses import dataclass

from starlette.requests import Request

from mainstem.wiring.hub import Hub
from mainstem.wiring.worker import Worker


@dataclass(frozen=True, slots=True)
class Office:
    """A hub that this process owns, and its worker."""

    hub: Hub
    worker: Worker


def office_of(request: Request) -> Office:
    """The office of the face that a request came to."""
    office: Office = request.app.state.office
    return office
