"""A module is called by its subject: one noun that a user or a Confluence admin would know."""

import pytest

from tests.house.source import CODE, modules, nothing_wrong

EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "base", "core", "manager", "service"}


def empty_words(path: str) -> set[str]:
    """The words of a path that name no subject."""
    words = path.removesuffix(".py").replace("/", "_").split("_")
    return EMPTY_WORDS & {word.lower() for word in words}


def test_every_package_and_module_is_named_by_its_subject() -> None:
    nothing_wrong(module.path for module in modules(*CODE) if empty_words(module.path))


@pytest.mark.parametrize("path", ["src/mainstem/utils.py", "src/mainstem/store/page_manager.py", "tests/core/x.py"])
def test_a_name_without_a_subject_is_found(path: str) -> None:
    assert empty_words(path)


def test_a_subject_may_contain_the_letters_of_an_empty_word() -> None:
    assert not empty_words("src/mainstem/store/database.py")
