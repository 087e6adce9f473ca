"""The steps that lead from an empty or older database to the present tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

FOLDER = Path(__file__).parent


def upgrade(db: Connection) -> None:
    """Take every step that is missing, inside the caller's transaction."""
    if db.dialect.name == "postgresql":
        # Two processes may start at once; the second then finds nothing left to do.
        db.execute(text("SELECT pg_advisory_xact_lock(hashtext('mainstem migrations'))"))
    command.upgrade(configuration(db), "head")


def configuration(db: Connection) -> Config:
    """Alembic's configuration for one open connection; there is no file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = db
    return config
