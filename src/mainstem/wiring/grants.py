"""Builds what keeps grants: with the app that the settings name, if they name one."""

from sqlalchemy import Engine

from mainstem.confluence.grants import App
from mainstem.confluence.opening import Line
from mainstem.settings import Settings
from mainstem.sync.grants import Keeper
from mainstem.wiring.reader import Clock
from mainstem.wiring.vault import Vault


def keeper_of(settings: Settings, engine: Engine, vault: Vault, line: Line, clock: Clock) -> Keeper:
    """Keeps the grants of a home."""
    return Keeper(engine, vault.seal, vault.open, app_of(settings), line, clock)


def app_of(settings: Settings) -> App | None:
    """The app that Mainstem is at Atlassian; None where the settings do not name one, with its secret."""
    if not settings.atlassian_client_id or settings.atlassian_client_secret is None:
        return None
    return App(settings.atlassian_client_id, settings.atlassian_client_secret.get_secret_value())
