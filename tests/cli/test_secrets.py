"""Secrets stay where they are sealed: in no output, no error and no file of the home."""

from pathlib import Path

import pytest

from tests.cli.acme import Acme
from tests.cli.conftest import mainstem

SECRETS = ("ada-api-token", "ada-personal-access-token", "bob-password", "s3cret-but-wrong")


@pytest.mark.parametrize("command", ["connect", "sync", "test"])
@pytest.mark.parametrize(
    "sign_in",
    [
        ["--email", "ada@example.com", "--token", "s3cret-but-wrong"],
        ["--user", "eve", "--password", "s3cret-but-wrong"],
        ["--token", "s3cret-but-wrong"],
    ],
)
def test_a_refused_secret_is_not_repeated(command: str, sign_in: list[str], acme: Acme, tmp_path: Path) -> None:
    url = acme.cloud if sign_in[0] == "--email" else acme.datacenter
    result = mainstem(command, "--url", url, *sign_in, "--home", tmp_path)
    assert result.exit_code == 2
    assert "s3cret" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_no_file_of_a_home_and_no_output_shows_a_secret(acme: Acme, copied: Path) -> None:
    sign_in = ["--url", acme.datacenter, "--user", "bob", "--password", "bob-password"]
    shown = [
        mainstem("connect", *sign_in, "--name", "Server", "--home", copied),
        mainstem("sync", "Server", "--home", copied, "--json"),
        mainstem("test", "Server", "--home", copied),
        mainstem("doctor", "--home", copied),
    ]
    # Bob is no administrator: his sync cannot read who is in which group, and says so.
    assert [result.exit_code for result in shown] == [0, 3, 0, 0], [result.output for result in shown]
    assert [secret for secret in SECRETS for result in shown if secret in result.output] == []
    files = [path for path in copied.rglob("*") if path.is_file()]
    assert [(path, secret) for path in files for secret in SECRETS if secret.encode() in path.read_bytes()] == []
