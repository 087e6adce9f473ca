"""`mainstem demo`: loads the sample site, shows it to three people, and is quick the second time."""

from pathlib import Path

from tests.cli.conftest import answer, mainstem


def test_the_demo_shows_who_may_read_what_and_finds_its_home_again(tmp_path: Path) -> None:
    home = tmp_path / "demo-home"
    result = mainstem("demo", "--once", "--home", home)
    assert result.exit_code == 0, result.output
    assert f"search budget --as tomas@larkspur.example --home {home}" in result.stdout

    again = answer("demo", "--once", "--home", home)
    assert (again["sync"]["added"], again["sync"]["changed"], again["sync"]["complete"]) == (0, 0, True)
    gauge, restricted = (search["totals"] for search in again["searches"])
    assert gauge["Mara Lindqvist"] > gauge["Tomás Herrera"] > gauge["Nadia Okafor"] > 0
    assert restricted["Mara Lindqvist"] > restricted["Tomás Herrera"] == restricted["Nadia Okafor"] == 0
