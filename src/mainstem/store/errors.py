"""What the store raises on purpose.

MainstemError
  TellPerson
    NameTaken           two connections cannot have one name
  StopRun
    LeaseLost           another worker took this connection over; this one must write nothing more
    ConnectionGone      the connection was removed meanwhile
    DatabaseRefuses     the database itself fails: its disk is full, its file locked, its server away
"""

from mainstem.errors import StopRun, TellPerson


class NameTaken(TellPerson):
    """Two connections cannot have one name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a connection named “{name}” already. Choose another name.")
        self.name = name


class LeaseLost(StopRun):
    """Another worker took this connection over; this one must write nothing more."""

    def __init__(self, connection_id: int) -> None:
        super().__init__("Another worker has taken over the sync of this connection. Look there for its progress.")
        self.connection_id = connection_id


class DatabaseRefuses(StopRun):
    """The database itself fails; `cause` is what it says."""

    def __init__(self, cause: str) -> None:
        super().__init__(
            f"The database refuses ({cause}): see that its disk has room and that it can be reached and written, "
            "then run the command again."
        )
        self.cause = cause


class ConnectionGone(StopRun):
    """The connection was removed meanwhile."""

    def __init__(self, connection_id: int) -> None:
        super().__init__("This connection was removed. Add it again to sync it.")
        self.connection_id = connection_id
