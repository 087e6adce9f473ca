"""Why somebody may read a document, told to them and to nobody else."""

from mainstem.reading.why import Explanation, How, Pass, Rule, explain
from mainstem.store import audiences
from mainstem.store.audiences import HolderKind
from mainstem.wiki.audience import ANONYMOUS, OPERATOR, Rules, Viewer, group, user
from mainstem.wiki.content import Group, Kind, Membership
from tests.reading.conftest import CHARLIE, Wiki
from tests.store.site import ALICE, NOW, clause

LICENSED = (Pass(How.LICENSED),)


def told(wiki: Wiki, id_: int, viewer: Viewer) -> Explanation | None:
    return explain(wiki.db, id_, viewer=viewer)


def test_each_rule_is_named_with_what_passes_it_from_the_site_down(wiki: Wiki) -> None:
    members = [Membership(Group("g1", "Pilots"), (ALICE,))]
    audiences.save_memberships(wiki.db, wiki.site.id, members, NOW)
    below = wiki.save("2", title="Plan", parent_id="1", parent_kind=Kind.PAGE)
    above = wiki.save("1", title="Projects")
    wiki.site.rule(Rules("2", (), clause(user(ALICE.id))), Rules("1", (), clause(user(ALICE.id), group("g1"))))
    file = wiki.attach("f", "2", "plan.png")
    explanation = Explanation(
        (
            Rule(HolderKind.SITE, "Acme", None, LICENSED),
            Rule(HolderKind.SPACE, "Engineering", None, LICENSED),
            Rule(HolderKind.CONTENT, "Projects", above, (Pass(How.NAME, "Alice Archer"), Pass(How.GROUP, "Pilots"))),
            Rule(HolderKind.CONTENT, "Plan", below, (Pass(How.NAME, "Alice Archer"),)),
        ),
        operator=False,
        read_at=NOW,
    )
    assert told(wiki, below, wiki.viewer(ALICE.id)) == explanation
    assert told(wiki, file, wiki.viewer(ALICE.id)) == explanation


def test_whoever_cannot_read_a_document_is_told_nothing(wiki: Wiki, bob: Viewer) -> None:
    id_ = wiki.save("1")
    wiki.restrict("1", ALICE.id)
    assert told(wiki, id_, bob) is None
    assert told(wiki, id_, CHARLIE) is None
    assert told(wiki, 10_000, bob) is None


def test_others_by_whom_a_rule_is_passed_are_not_named(wiki: Wiki, bob: Viewer) -> None:
    id_ = wiki.save("1")
    wiki.restrict("1", ALICE.id, "u-bob")
    found = told(wiki, id_, bob)
    assert found is not None
    assert found.rules[-1].passed == (Pass(How.NAME, "Bob Berg"),)


def test_an_open_site_is_passed_by_everyone(wiki: Wiki) -> None:
    id_ = wiki.save("1")
    everyone = clause(ANONYMOUS)
    audiences.save_site_clause(wiki.db, wiki.site.id, everyone)
    audiences.save_clauses(wiki.db, wiki.site.id, HolderKind.SPACE, {"s1": everyone})
    stranger = wiki.viewer("nobody@example.com")
    found = told(wiki, id_, stranger)
    assert found is not None
    assert [rule.passed for rule in found.rules] == [(Pass(How.EVERYONE),)] * 2


def test_the_operator_reads_without_being_asked(wiki: Wiki) -> None:
    found = told(wiki, wiki.save("1"), OPERATOR)
    assert found is not None
    assert found.operator
    assert [(rule.kind, rule.passed) for rule in found.rules] == [(HolderKind.SITE, ()), (HolderKind.SPACE, ())]
