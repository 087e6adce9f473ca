"""Proves that the account of a connection is still the one that answers.

Asked before a silence of Confluence is believed: a sign-in that was dropped on the way sees less, and says so nowhere.
"""

from mainstem.confluence.client import Confluence
from mainstem.errors import StopRun
from mainstem.store.connections import SavedConnection
from mainstem.wiki.content import Person


class AccountChanged(StopRun):
    """The credential belongs to another account than the one that was connected."""


async def prove_account(confluence: Confluence, connection: SavedConnection) -> None:
    """Ask Confluence who is signed in now. Raises SignInRejected and AccountChanged."""
    check_account(await confluence.current_person(), connection)


def check_account(person: Person, connection: SavedConnection) -> None:
    """Compare a proved account with the connection's. Raises AccountChanged."""
    if connection.account_id not in (None, person.id):
        raise AccountChanged(
            f"The credential now belongs to {person.display_name}, not to {connection.account_name}: "
            "connect again under a new name, or restore the credential."
        )
