"""How an account signs in to Confluence. Each kind knows its header and where it works; none shows its secret.

Credentials are judged by Confluence's answer alone: nothing here looks at length or form. Pasted blanks are trimmed.
"""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, repr=False)
class EmailToken:
    """Cloud: an account's e-mail address and an API token of it, with or without scopes."""

    email: str
    token: str

    def authorization(self) -> str:
        """The value of the `Authorization` header."""
        return _basic(self.email, self.token)

    def __repr__(self) -> str:
        return f"EmailToken(email={self.email!r}, token=...)"


@dataclass(frozen=True, slots=True, repr=False)
class PersonalToken:
    """Data Center 7.9 and later: a personal access token."""

    token: str

    def authorization(self) -> str:
        """The value of the `Authorization` header."""
        return f"Bearer {self.token.strip()}"

    def __repr__(self) -> str:
        return "PersonalToken(token=...)"


@dataclass(frozen=True, slots=True, repr=False)
class UserPassword:
    """Data Center and Server: a user name and its password."""

    username: str
    password: str

    def authorization(self) -> str:
        """The value of the `Authorization` header."""
        return _basic(self.username, self.password)

    def __repr__(self) -> str:
        return f"UserPassword(username={self.username!r}, password=...)"


@dataclass(frozen=True, slots=True, repr=False)
class Grant:
    """Cloud: what somebody lets an app of Atlassian's read for them. `id` is what its tokens are kept by.

    They last an hour: `token` gives the one of now, and after one that was refused ("": none was), the next.
    """

    id: str
    token: Callable[[str], Awaitable[str]] = field(compare=False)

    def __repr__(self) -> str:
        return "Grant(...)"


Credential = EmailToken | PersonalToken | UserPassword | Grant


def _basic(name: str, secret: str) -> str:
    return "Basic " + b64encode(f"{name.strip()}:{secret.strip()}".encode()).decode()
