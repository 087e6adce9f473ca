"""`mainstem schedule`, on a home that nobody serves."""

from pathlib import Path

from tests.cli.conftest import answer, mainstem


def test_a_schedule_is_told_set_and_refused_in_words(copied: Path) -> None:
    assert mainstem("schedule", "Acme", "--home", copied).stdout == "Acme: Only when asked.\n"
    nightly = "cron 30 1 * * * Europe/Berlin between 00:00 and 05:00"
    told = answer("schedule", "Acme", nightly, "--home", copied)
    assert told == answer("schedule", "Acme", "--home", copied)
    assert (told["schedule"], len(told["next_syncs"])) == (nightly, 5)
    assert all("T01:30+0" in at for at in told["next_syncs"])
    spoken = mainstem("schedule", "Acme", "--home", copied).stdout.splitlines()
    assert spoken[0] == "Acme: By the cron line 30 1 * * *, between 00:00 and 05:00 (Europe/Berlin)."
    assert [line.strip() for line in spoken[1:]] == told["next_syncs"]
    refused = mainstem("schedule", "Acme", "every second", "--home", copied)
    assert (refused.exit_code, "write it like" in refused.stderr) == (2, True)
    assert mainstem("schedule", "Nothing", "hourly", "--home", copied).exit_code == 2
