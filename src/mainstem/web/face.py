"""What the pages are made of: a hub as it is read, and how cookies are set."""

from dataclasses import dataclass

from starlette.requests import Request

from mainstem.wiring.reader import Reader


@dataclass(frozen=True, slots=True)
class Face:
    """One web face. `secure_cookies`: it is reached by https, so its cookies must never go out in the clear."""

    reader: Reader
    secure_cookies: bool


def face_of(request: Request) -> Face:
    """The face that a request came to."""
    face: Face = request.app.state.face
    return face
