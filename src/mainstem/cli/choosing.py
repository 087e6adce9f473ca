"""Which stored connection a person means."""

from sqlalchemy import Engine

from mainstem.errors import TellPerson
from mainstem.store import connections
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading


class NoConnection(TellPerson):
    """There is no connection of that name, or not exactly one to choose."""


def chosen(engine: Engine, name: str | None) -> SavedConnection:
    """The connection of this name, or the only one there is. Raises NoConnection, which lists the names."""
    with reading(engine) as db:
        known = connections.every(db)
    fitting = [connection for connection in known if name in (None, connection.name)]
    if len(fitting) == 1:
        return fitting[0]
    if not known:
        raise NoConnection("Nothing is connected yet: add a site with `mainstem connect --url ...`.")
    names = ", ".join(connection.name for connection in known)
    if name is None:
        raise NoConnection(f"Which connection? Name one of: {names}.")
    raise NoConnection(f"There is no connection named {name}: the names are {names}.")
