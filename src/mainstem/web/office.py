"""What admins work with besides reading: the hub as it is written, and what works behind it."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from mainstem.sync.connecting import Wanted
from mainstem.web.offers import Offers
from mainstem.wiring.hub import Hub
from mainstem.wiring.worker import Worker


@dataclass(frozen=True, slots=True)
class Office:
    """A hub that this process owns, its worker, and what begins the sample site and says how to connect to it."""

    hub: Hub
    worker: Worker
    sample: Callable[[], Wanted] | None = None


def offers_of(office: Office | None) -> Offers:
    """What a process offers that has this office."""
    return Offers() if office is None else Offers(connections=True, sample=office.sample is not None)


def office_of(request: Request) -> Office:
    """The office of the face that a request came to."""
    office: Office = request.app.state.office
    return office
