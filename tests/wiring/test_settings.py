"""Settings come from the environment, and a slip in one is heard with its name."""

from pathlib import Path

import pytest

from mainstem.settings import SECRETS, BadSetting, Settings, UnknownSetting, load_settings


def test_without_any_variable_everything_has_a_default() -> None:
    settings = load_settings({"HOME": "/home/ada", "PATH": "/bin"})
    assert (settings.database_url, settings.token, settings.http_timeout) == (None, None, 30.0)


def test_a_variable_sets_what_it_names() -> None:
    settings = load_settings({"MAINSTEM_HOME": "/srv/hub", "MAINSTEM_HTTP_TIMEOUT": "2.5"})
    assert (settings.home, settings.http_timeout) == (Path("/srv/hub"), 2.5)


def test_every_unknown_variable_is_named() -> None:
    with pytest.raises(UnknownSetting, match="MAINSTEM_HOMR, MAINSTEM_TOKN"):
        load_settings({"MAINSTEM_TOKN": "x", "MAINSTEM_HOMR": "/srv", "MAINSTEM_HOME": "/srv"})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MAINSTEM_HTTP_TIMEOUT", "0"),
        ("MAINSTEM_HTTP_TIMEOUT", "soon"),
        ("MAINSTEM_BRAKE_SHARE", "1.5"),
        ("MAINSTEM_BRAKE_PAGES", "-1"),
        ("MAINSTEM_PERMISSIONS_MAX_AGE", "0"),
        ("MAINSTEM_PUBLIC_URL", "hub.example.com"),
        ("MAINSTEM_PUBLIC_URL", "https://hub.example.com/below"),
        ("MAINSTEM_PUBLIC_URL", "https://ann@hub.example.com"),
        ("MAINSTEM_TRUSTED_PROXIES", "the-proxy"),
        ("MAINSTEM_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.0/40"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_variable(variable: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"{variable}: .* unset it to use the default"):
        load_settings({variable: value})


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_secret_may_stand_in_a_file(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    settings = load_settings({f"MAINSTEM_{name.upper()}_FILE": str(tmp_path / "secret")})
    assert getattr(settings, name).get_secret_value() == "s3cret"


def test_what_is_no_secret_cannot_stand_in_a_file(tmp_path: Path) -> None:
    with pytest.raises(UnknownSetting, match="MAINSTEM_HTTP_TIMEOUT_FILE"):
        load_settings({"MAINSTEM_HTTP_TIMEOUT_FILE": str(tmp_path)})


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(BadSetting, match="MAINSTEM_TOKEN_FILE: cannot read /nowhere"):
        load_settings({"MAINSTEM_TOKEN_FILE": "/nowhere"})


def test_secrets_show_in_no_form_of_the_settings() -> None:
    settings = load_settings({f"MAINSTEM_{name.upper()}": "postgresql://u:s3cret@host/db" for name in SECRETS})
    assert "s3cret" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_a_bad_value_of_a_secret_is_not_repeated() -> None:
    with pytest.raises(BadSetting) as refusal:
        load_settings({"MAINSTEM_TOKEN": "s3cret", "MAINSTEM_BRAKE_PAGES": "s3cret-too"})
    assert "s3cret" not in str(refusal.value)


def test_settings_do_not_change_once_they_are_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().home = Path("/elsewhere")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", ""),
        (" https://Hub.Example.com/ ", "https://hub.example.com"),
        ("http://hub.lan:8080", "http://hub.lan:8080"),
    ],
)
def test_the_public_address_is_kept_as_browsers_name_an_origin(said: str, kept: str) -> None:
    assert load_settings({"MAINSTEM_PUBLIC_URL": said}).public_url == kept


def test_trusted_proxies_are_addresses_and_networks() -> None:
    assert load_settings({"MAINSTEM_TRUSTED_PROXIES": "10.0.0.1, fd00::/8,*"}).trusted_proxies == "10.0.0.1,fd00::/8,*"
