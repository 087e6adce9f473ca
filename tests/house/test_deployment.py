"""What stands in `deploy/` names commands, options and settings that there are, and gives all processes the same."""

import re
from typing import Any

import yaml
from typer.testing import CliRunner

from mainstem.cli.app import COMMANDS, app
from mainstem.settings import PREFIX, load_settings
from tests.house.source import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "mainstem"}


def test_every_process_of_the_example_is_a_command_with_its_options() -> None:
    assert {service["command"][0] for service in OURS.values()} == {"serve", "worker"}
    for service in OURS.values():
        command, *arguments = service["command"]
        assert command in COMMANDS
        told = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).stdout
        assert [each for each in arguments if each.startswith("--") and each not in told] == []


def test_every_setting_of_the_example_can_be_read_and_all_processes_share_what_they_must() -> None:
    for service in OURS.values():
        given = {name: re.sub(r"\$\{[^}]*\}", "", value) for name, value in service["environment"].items()}
        settings = load_settings(given)
        assert settings.database_url is not None
        assert f"{PREFIX}KEY" in given
        assert "objects:/hub/objects" in service["volumes"]
    homes = [volume for service in OURS.values() for volume in service["volumes"] if volume.endswith(":/hub")]
    assert len(homes) == len(set(homes))


def test_what_the_example_keeps_is_declared_and_what_it_waits_for_is_there() -> None:
    services = COMPOSE["services"]
    named = {volume.partition(":")[0] for service in services.values() for volume in service.get("volumes", ())}
    assert named == set(COMPOSE["volumes"])
    for service in services.values():
        assert set(service.get("depends_on", ())) <= services.keys()
