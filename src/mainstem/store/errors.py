"""What the store raises on purpose.

MainstemError
  TellPerson
    NameTaken           two connections cannot have one name
    BadDatabaseAddress  the address of the database is none
    DatabaseInUse       the hub of another home writes to this database
    TooLarge            a file is larger than what is kept of one
    NotKept             the place for files takes no more
      BucketRefuses     the bucket that is the place for files is away, or forbids it
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


class BadDatabaseAddress(TellPerson):
    """The address of the database is none. It is not repeated, for it may hold a password."""

    def __init__(self) -> None:
        super().__init__(
            "The address of the database cannot be read: give it as postgresql://user:password@host:5432/name, with "
            "special characters of the password as %xx."
        )


class DatabaseInUse(TellPerson):
    """The hub of another home writes to this database.

    `pid` is the number of its session's process on the server, `client` the address it came from; None where the
    server does not tell, or where it came from the server's own machine.
    """

    def __init__(self, pid: int | None, client: str | None) -> None:
        super().__init__(pid, client)
        self.pid = pid
        self.client = client

    def __str__(self) -> str:
        who = f"another hub on {self.client or 'the machine of the database'}"
        session = "" if self.pid is None else f" (PostgreSQL process {self.pid})"
        return f"The database is in use by {who}{session}: wait until it ends, or stop it, then run the command again."


class TooLarge(TellPerson):
    """A file is larger than what is kept of one: `most` bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(f"The file has more than {most // 1_000_000} MB: open it in Confluence.")
        self.most = most


class NotKept(TellPerson):
    """The place for files takes no more; `cause` is what it says."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"The file could not be kept ({cause}): an admin should see that the home's disk has room.")
        self.cause = cause


class BucketRefuses(NotKept):
    """The bucket that is the place for files is away, or forbids it. `cause` is in our words: its own may hold keys."""

    def __str__(self) -> str:
        return (
            f"The bucket for files cannot be used ({self.cause}): an admin should see that it can be reached, and that "
            "MAINSTEM_OBJECTS_URL and the keys beside it are right."
        )


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
