"""`mainstem content`: what comes in is told, and changed only after it was said what would leave and come."""

from pathlib import Path

from tests.cli.acme import Acme
from tests.cli.conftest import answer, mainstem


def test_what_would_leave_is_said_first_and_leaves_only_with_a_yes(acme: Acme, copied: Path) -> None:
    home = ("--home", copied)
    told = answer("content", *home)
    assert (told["spaces"], told["filter"], told["later"]) == (None, {}, "add")
    looked = answer("content", "--space", "eng", "--preview", *home)
    assert (looked["removes"], looked["spaces"]) == (1, ["ENG"])
    assert looked["leaves"][0] == "Exactly 1 page or post of what is stored now."
    refused = mainstem("content", "--space", "eng", *home)
    assert refused.exit_code == 2
    assert "Would come: nothing." in refused.stdout
    assert "Would leave: Exactly 1 page or post of what is stored now." in refused.stdout
    assert "say --yes if this may leave" in refused.stderr
    assert answer("content", *home)["spaces"] is None
    assert answer("content", "--space", "eng", "--yes", *home)["spaces"] == ["ENG"]
    assert answer("sync", "Acme", *home)["deleted"] == 1
    narrowed = answer("content", "--without", "comment", "--archived", *home)
    assert (narrowed["spaces"], narrowed["filter"]) == (["ENG"], {"archived": True})
    assert "comment" not in narrowed["kinds"]
    none = mainstem("content", "--without-space", "eng", *home)
    assert (none.exit_code, "leaves out every space" in " ".join(none.stderr.split())) == (2, True)
    wide = mainstem("content", "--everything", *home)
    assert wide.exit_code == 0
    assert "Would come: About 1 page or post" in wide.stdout
    assert answer("content", *home)["spaces"] is None
    assert "Nothing differs" in mainstem("content", "--everything", *home).stdout
    assert answer("sync", "Acme", *home)["pages"] == 3
