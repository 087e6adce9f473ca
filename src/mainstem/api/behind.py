"""What the API is made of: a hub as it is read, what works behind it, and where its pages are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request

from mainstem.assist.language_model import LanguageModel
from mainstem.reading.addresses import Addresses
from mainstem.wiring.reader import Reader

if TYPE_CHECKING:  # a process that only reads has none, and need not load all that a sync needs
    from mainstem.wiring.worker import Worker


@dataclass(frozen=True, slots=True)
class Behind:
    """One API. `cookie` is the name of the pages' session cookie; without a `worker` this process only reads.

    `model` writes answers; without one, passages are quoted.
    """

    reader: Reader
    addresses: Addresses
    cookie: str
    worker: "Worker | None" = None
    model: LanguageModel | None = None


def behind(request: Request) -> Behind:
    """What stands behind the API that a request came to."""
    found: Behind = request.app.state.behind
    return found
