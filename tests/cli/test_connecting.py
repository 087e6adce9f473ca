"""`mainstem connect`: every way to give a credential, and what a person hears when it is not accepted."""

from pathlib import Path

import pytest

from mainstem.cli import options
from mainstem.settings import load_settings
from mainstem.store import connections
from mainstem.store.database import reading
from mainstem.wiki.conversion import facts_of
from mainstem.wiring.reader import open_reader
from tests.cli.acme import Acme
from tests.cli.conftest import answer, mainstem


def test_a_connection_is_proved_and_told(acme: Acme, tmp_path: Path) -> None:
    told = answer("connect", *acme.as_ada(), "--name", "Acme wiki", "--space", "ENG", "--home", tmp_path)
    assert told == {
        "name": "Acme wiki",
        "url": acme.cloud,
        "deployment": "cloud",
        "account": "Ada",
        "spaces": ["ENG"],
        "kinds": ["attachment", "blogpost", "comment", "page"],
        "filter": {},
        "conversion": {},
    }


def test_the_next_step_can_be_pasted(acme: Acme, tmp_path: Path) -> None:
    result = mainstem("connect", *acme.as_ada(), "--name", "Acme wiki", "--home", tmp_path)
    assert result.stdout.endswith(f'Next: mainstem sync "Acme wiki" --home {tmp_path}\n')


@pytest.mark.parametrize("way", ["option", "file", "standard input", "environment"])
def test_a_token_comes_in_by_any_door(way: str, acme: Acme, tmp_path: Path) -> None:
    token = "ada-personal-access-token"
    file = tmp_path / "token.txt"
    file.write_text(f"{token}\n")
    options: dict[str, list[object]] = {
        "option": ["--token", token],
        "file": ["--token-file", file],
        "standard input": ["--token", "-"],
    }
    env = {"MAINSTEM_TOKEN": token} if way == "environment" else {}
    sign_in = options.get(way, [])
    told = answer("connect", "--url", acme.datacenter, *sign_in, "--home", tmp_path / "hub", input=token, env=env)
    assert (told["deployment"], told["account"]) == ("datacenter", "Ada")


def test_data_center_takes_a_user_and_a_password_from_standard_input(acme: Acme, tmp_path: Path) -> None:
    sign_in = ["--user", "bob", "--password", "-"]
    told = answer("connect", "--url", acme.datacenter, *sign_in, "--home", tmp_path, input="bob-password\n")
    assert told["account"] == "Bob"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "Give the site with --url"),
        (["--url", "CLOUD"], "No credential"),
        (["--url", "CLOUD", "--user", "bob"], "needs both --user and --password"),
        (["--url", "CLOUD", "--token", "x", "--token-file", "y"], "give one of them"),
        (["--url", "CLOUD", "--token-file", "/nowhere"], "Cannot read the token from /nowhere"),
        (["--url", "CLOUD", "--token", "  "], "is empty"),
        (["--url", "CLOUD", "--token", "x"], "Cloud takes an e-mail address and an API token"),
        (["--url", "CLOUD", "--email", "ada@example.com", "--token", "x"], "rejects the sign-in"),
        (["--url", "http://wiki.example.com", "--token", "x"], "not encrypted"),
        (["--url", "DATACENTER", "--deployment", "cloud", "--email", "e", "--token", "x"], "choose datacenter"),
        (["--url", "CLOUD", "--deployment", "datacenter", "--token", "x"], "choose cloud"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(options: list[str], said: str, acme: Acme, tmp_path: Path) -> None:
    places = {"CLOUD": acme.cloud, "DATACENTER": acme.datacenter}
    result = mainstem("connect", *[places.get(option, option) for option in options], "--home", tmp_path / "hub")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "hub").exists()


def test_a_name_serves_one_connection_only(acme: Acme, copied: Path) -> None:
    result = mainstem("connect", *acme.as_ada(), "--name", "Acme", "--home", copied)
    assert result.exit_code == 2
    assert "Acme" in result.stderr


def test_an_unknown_space_is_guessed(acme: Acme, tmp_path: Path) -> None:
    result = mainstem("connect", *acme.as_ada(), "--space", "ENGG", "--home", tmp_path)
    assert result.exit_code == 2
    assert "did you mean ENG?" in result.stderr


def test_a_path_of_data_center_s_own_is_data_center_though_cloud_answers_at_that_host(
    acme: Acme, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{acme.port}/confluence"
    told = answer("connect", "--url", url, "--token", "ada-personal-access-token", "--home", tmp_path)
    assert told["deployment"] == "datacenter"


@pytest.mark.parametrize("command", ["connect", "sync"])
def test_what_fails_at_the_door_leaves_other_things_in_the_folder_alone(
    command: str, acme: Acme, tmp_path: Path
) -> None:
    (tmp_path / "notes").write_text("mine")
    wrong = ["--url", acme.cloud, "--email", "ada@example.com", "--token", "x", "--home", tmp_path]
    assert mainstem(command, *wrong).exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]


def test_a_home_that_holds_a_connection_outlives_a_failed_one(acme: Acme, copied: Path) -> None:
    mainstem("connect", "--url", acme.cloud, "--email", "ada@example.com", "--token", "x", "--home", copied)
    assert answer("search", "key", "--as", "operator", "--home", copied)["total"] == 2


def test_what_comes_in_is_chosen_by_options(acme: Acme, tmp_path: Path) -> None:
    chosen = ["--label", "howto", "--without-label", "draft", "--modified-after", "2026-01-31", "--look-back", "90"]
    chosen += ["--tree", "https://wiki.acme.example/x/spaces/ENG/pages/123", "--without-tree", "456", "--archived"]
    told = answer(
        "connect", *acme.as_ada(), *chosen, "--without-space", "ops", "--without", "comment", "--home", tmp_path
    )
    assert told["kinds"] == ["attachment", "blogpost", "page"]
    assert told["filter"] == {
        "labels": ["howto"],
        "without_labels": ["draft"],
        "modified_after": "2026-01-31",
        "look_back": 90,
        "without_spaces": ["ops"],
        "trees": ["123"],
        "without_trees": ["456"],
        "archived": True,
    }
    bad = mainstem("connect", *acme.as_ada(), "--tree", "Handbook", "--home", tmp_path)
    assert (bad.exit_code, "Handbook names no page by its id" in " ".join(bad.stderr.split())) == (2, True)


def test_how_pages_are_converted_is_chosen_by_options(acme: Acme, tmp_path: Path) -> None:
    chosen = ["--macro", "drawio=drop", "--macro", "toc=text", "--tables", "records", "--images", "alt"]
    told = answer("connect", *acme.as_ada(), *chosen, "--home", tmp_path)
    assert told["conversion"] == {"macros": {"drawio": "drop", "toc": "text"}, "tables": "records", "images": "alt"}
    taken = ["--file", "CSV=skip", "--file", "pdf=text", "--file-mb", "5", "--ocr"]
    told = answer("connect", *acme.as_ada(), "--name", "other", *taken, "--home", tmp_path)
    assert told["conversion"] == {"files": {"forms": {"csv": "skip", "pdf": "text"}, "most_mb": 5, "ocr": True}}
    bad = mainstem("connect", *acme.as_ada(), "--file", "exe=skip", "--home", tmp_path)
    assert (bad.exit_code, "'exe' is no kind of file" in bad.stderr) == (2, True)
    refused = mainstem("sync", "--tables", "html", "--file-mb", "5", "--home", tmp_path)
    assert (refused.exit_code, "has its own --tables and --file-mb" in refused.stderr) == (2, True)


def test_what_is_not_said_of_conversion_stays_as_it_was(acme: Acme, tmp_path: Path) -> None:
    home = ("--home", tmp_path)
    answer("sync", *acme.as_ada(), "--macro", "drawio=drop", "--macro", "toc=text", "--images", "alt", *home)
    answer("sync", *acme.as_ada(), "--file", "csv=skip", "--file", "pdf=file", "--ocr", *home)
    answer("sync", *acme.as_ada(), "--macro", "TOC=render", "--tables", "html", "--file", "pdf=both", "--no-ocr", *home)
    with open_reader(load_settings({}), folder=tmp_path, clock=options.clock) as reader, reading(reader.engine) as db:
        [kept] = connections.every(db)
    assert facts_of(kept.conversion) == {"macros": {"drawio": "drop"}, "tables": "html", "images": "alt"} | {
        "files": {"forms": {"csv": "skip"}}
    }


def test_a_stored_connection_keeps_its_own_filter(acme: Acme, tmp_path: Path) -> None:
    answer("connect", *acme.as_ada(), "--home", tmp_path)
    refused = mainstem("sync", "--label", "howto", "--home", tmp_path)
    assert refused.exit_code == 2
    assert "has its own --label" in refused.stderr
