"""The locked requirements: hashed, complete, and free of what must not be installed."""

import re
import tomllib

import pytest

from tests.house.source import ROOT, modules, nothing_wrong

LOCKS = ("run", "test")
ENTITLED = re.compile(r"\b(auto_upgrade|sharding|conductor_\w+|transact_enterprise_key|dbos_enterprise)\b")


def lock(name: str) -> str:
    return (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")


def pins(name: str) -> dict[str, str]:
    """Version by package."""
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock(name), re.MULTILINE))


def declared(*extras: str) -> set[str]:
    """The packages that pyproject.toml asks for."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        project = tomllib.load(stream)["project"]
    wanted = project["dependencies"] + [one for extra in extras for one in project["optional-dependencies"][extra]]
    return {re.split(r"[\[<>=!~ ;]", line)[0].lower() for line in wanted}


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", lock(name).strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_the_enterprise_edition_of_dbos_is_not_installed(name: str) -> None:
    assert not [package for package in pins(name) if package.startswith("dbos") and package != "dbos"]


def test_no_option_of_dbos_that_needs_an_entitlement_is_used() -> None:
    nothing_wrong(module.path for module in modules("src") if ENTITLED.search(module.text))


@pytest.mark.parametrize(("name", "extras"), [("run", ("build",)), ("test", ("build", "dev"))])
def test_a_lock_holds_all_that_is_declared(name: str, extras: tuple[str, ...]) -> None:
    nothing_wrong(f"{package} is not locked: run `make lock`" for package in declared(*extras) - set(pins(name)))


def test_tests_run_on_the_versions_that_users_get() -> None:
    test = pins("test")
    assert {package: version for package, version in pins("run").items() if test.get(package) != version} == {}
