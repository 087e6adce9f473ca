"""`mainstem sso`, on a home that nobody serves."""

from pathlib import Path

from tests.accounts.provider import provider
from tests.cli.conftest import answer, mainstem


def test_the_provider_is_told_named_once_it_answers_and_given_up(copied: Path) -> None:
    assert mainstem("sso", "--home", copied).stdout == "People sign in with passwords alone.\n"
    with provider() as there:
        named = ("--issuer", there.url, "--client-id", "id", "--name", "Login")
        whose = ("--newcomers", "domains", "--domain", "a.example", "--domain", "b.example", "--home", copied)
        assert "client secret is missing" in mainstem("sso", *named, *whose).stderr
        saved = answer("sso", *named, "--secret", "-", *whose, input="a secret made by chance\n")
        assert (saved["on"], saved["issuer"], saved["domains"]) == (True, there.url, ["a.example", "b.example"])
        assert "made by chance" not in str(saved)
        spoken = mainstem("sso", *named, *whose).stdout
        assert spoken == f"People sign in with Login ({there.url}) too. New there: a.example, b.example.\n"
    gone = mainstem("sso", *named, *whose)
    assert (gone.exit_code, "gives no answer" in gone.stderr) == (3, True)
    for unclear in (("--name", "Login"), ("--off", *named)):
        assert mainstem("sso", *unclear, "--home", copied).exit_code == 2
    assert answer("sso", "--off", "--home", copied)["on"] is False
