"""One table says which role may do what (R1)."""

import pytest

from mainstem.accounts.roles import ACTS, Act, Role, may, may_change

FOR_ADMINS = {
    Act.SEE_CONNECTIONS,
    Act.CHANGE_CONNECTIONS,
    Act.CHANGE_CREDENTIALS,
    Act.SEE_LOGS,
    Act.CHANGE_ALERTS,
    Act.CHANGE_MEMBERS,
    Act.TIE_IDENTITIES,
    Act.ALLOW_MODEL,
}
ALLOWED = {
    None: set(),
    Role.READER: {Act.SEARCH_AND_READ},
    Role.EDITOR: {Act.SEARCH_AND_READ, Act.EDIT_DOCUMENTS},
    Role.CURATOR: {Act.SEARCH_AND_READ, Act.EDIT_DOCUMENTS, Act.ORGANISE_DOCUMENTS},
    Role.ADMIN: {Act.SEARCH_AND_READ, Act.EDIT_DOCUMENTS, Act.ORGANISE_DOCUMENTS, *FOR_ADMINS},
    Role.OWNER: set(Act),
}


@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_may_do_what_the_table_says_and_no_more(role: Role | None) -> None:
    assert {act for act in Act if may(role, act)} == ALLOWED[role]


def test_every_act_has_its_lowest_role() -> None:
    assert set(ACTS) == set(Act)


def test_only_an_owner_makes_and_unmakes_owners() -> None:
    assert may_change(Role.ADMIN, Role.READER, Role.ADMIN)
    assert not may_change(Role.ADMIN, Role.ADMIN, Role.OWNER)
    assert not may_change(Role.ADMIN, Role.OWNER)
    assert may_change(Role.OWNER, Role.OWNER, Role.READER)
    assert not may_change(Role.CURATOR, Role.READER)
    assert not may_change(None, Role.READER)
