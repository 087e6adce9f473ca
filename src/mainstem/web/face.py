"""What the pages are made of: a hub as it is read, its files, and how cookies are set."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from starlette.requests import Request

from mainstem.accounts.passwords import STANDARD
from mainstem.assist.language_model import LanguageModel
from mainstem.wiring.reader import Reader

if TYPE_CHECKING:  # a process that only reads has none, and need not load what fetches them
    from mainstem.wiring.files import Shelf


@dataclass(frozen=True, slots=True)
class Face:
    """One web face. `secure_cookies`: it is reached by https, so its cookies must never go out in the clear.

    `files` are those that it can send; None: links to files lead to Confluence. `model` writes answers; None: passages
    are quoted. `public_url` is where people reach it; "" where nobody said, and it is whatever they ask for. `hasher`
    keeps passwords: only tests have a cheaper one.
    """

    reader: Reader
    secure_cookies: bool
    files: "Shelf | None" = None
    model: LanguageModel | None = None
    public_url: str = ""
    hasher: PasswordHasher = STANDARD


def face_of(request: Request) -> Face:
    """The face that a request came to."""
    face: Face = request.app.state.face
    return face
