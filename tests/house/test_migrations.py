"""The migrations are one chain: two that follow the same one could not be applied."""

from alembic.config import Config
from alembic.script import ScriptDirectory

from tests.house.source import ROOT


def test_there_is_one_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "src/mainstem/store/migrations"))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1
