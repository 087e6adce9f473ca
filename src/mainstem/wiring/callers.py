"""Programs that call: whose key it is that they show, to a hub as it is read."""

from mainstem.accounts.api_keys import Holder, holder_of, use_due
from mainstem.store.database import noted, reading
from mainstem.wiring.reader import Reader

_SCHEME = "bearer"


def same_site(origin: str, host: str, public_url: str) -> bool:
    """Whether pages of this origin are ours, who are asked at `host`, or by a proxy for whoever asks it."""
    return origin == public_url or origin.partition("://")[2] == host


def key_in(authorization: str) -> str:
    """The key that an `Authorization` header shows, which proves nothing yet; "" when it shows none."""
    scheme, _, key = authorization.partition(" ")
    return key.strip() if scheme.lower() == _SCHEME else ""


def caller(reader: Reader, key: str) -> Holder | None:
    """Whom a key stands for, just now; its use is noted. None for whatever lets nobody in."""
    now = reader.clock()
    with reading(reader.engine) as db:
        found = holder_of(db, key, now)
    if found is not None and use_due(found.key, now):
        # Its use is not worth waiting for a sync that writes.
        found = noted(reader.engine, lambda db: holder_of(db, key, now)) or found
    return found
