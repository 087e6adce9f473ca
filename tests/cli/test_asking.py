"""`mainstem ask`: an answer with the passage behind each sentence, from what the viewer may read."""

from pathlib import Path

import pytest

from tests.cli.conftest import answer, mainstem

QUESTION = "When do we rotate the signing key?"
VAULT = "Where is the signing key of the vault?"


def test_an_answer_says_which_passage_each_sentence_rests_on(loaded: Path) -> None:
    told = answer("ask", QUESTION, "--as", "bob@example.com", "--home", loaded)
    assert told["outcome"] == "quoted"
    assert told["claims"][0] == {"text": "Rotate the signing key each spring.", "cites": [1], "paragraph": 1}
    assert [(each["number"], each["title"], each["space"]) for each in told["passages"]] == [
        (1, "Rotate the signing key", "ENG")
    ]
    assert told["passages"][0]["url"].startswith("http://127.0.0.1:")
    assert told["model"] == told["trouble"] == ""


def test_a_person_reads_sentences_numbers_and_addresses(loaded: Path) -> None:
    shown = mainstem("ask", QUESTION, "--as", "bob@example.com", "--home", loaded).stdout
    assert shown.startswith("Rotate the signing key each spring. [1]\n")
    assert "\n[1] Rotate the signing key · ENG\n" in shown


@pytest.mark.parametrize(
    ("who", "outcome"),
    [
        ("ada@example.com", "quoted"),
        ("operator", "quoted"),
        ("bob@example.com", "nothing"),
        ("eve@example.com", "nothing"),
        ("anonymous", "nothing"),
    ],
)
def test_each_viewer_is_answered_from_what_they_may_read(who: str, outcome: str, loaded: Path) -> None:
    told = answer("ask", VAULT, "--as", who, "--home", loaded)
    assert told["outcome"] == outcome
    assert ("third brick" in str(told)) is (outcome == "quoted")


def test_what_is_not_there_is_said_plainly_with_what_comes_near(loaded: Path) -> None:
    shown = mainstem("ask", "Is the signing key Swiss?", "--as", "bob@example.com", "--home", loaded).stdout
    assert shown.startswith("This is not in your documents.\nNone of them mentions: Swiss.\n")
    assert "Near it: Rotate the signing key" in shown


def test_a_model_that_nobody_can_find_is_told(loaded: Path) -> None:
    told = mainstem("ask", QUESTION, "--home", loaded, env={"MAINSTEM_MODEL": "wise"})
    assert told.exit_code == 2
    assert "MAINSTEM_MODEL_URL" in told.stderr
    assert mainstem("ask", QUESTION, "--quote", "--home", loaded, env={"MAINSTEM_MODEL": "wise"}).exit_code == 0
