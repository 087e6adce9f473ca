"""Reports of page properties and tasks, and lists of files: each family by example, as Markdown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mainstem.store import connections
from mainstem.wiki.audience import Rules, Viewer
from mainstem.wiki.audience import user as principal_of
from mainstem.wiki.conversion import ConversionOptions, MacroForm
from tests.convert.storage import macro, page, rich, user
from tests.reading.conftest import Wiki, draft
from tests.reading.showing import shown
from tests.store.site import ALICE, NOW, clause


def rows(**cells: str) -> str:
    return macro(
        "details", rich("<table><tbody>" + "".join(_row(*cell) for cell in cells.items()) + "</tbody></table>")
    )


def _row(name: str, value: str) -> str:
    return f"<tr><th>{name.replace('_', ' ')}</th><td>{value}</td></tr>"


@pytest.fixture
def services(wiki: Wiki) -> Wiki:
    """Services with page properties; that of Bob's rival is for Alice alone."""
    status = macro("status", title="Live", colour="Green")
    owner = f"<ac:link>{user('u-bob')}</ac:link>"
    link = f"<ac:link>{page('Weir')}</ac:link>"
    wiki.save("w", rows(Status=status, Owner=owner, Needs=""), title="Weir", labels=("service",), space_id="s1")
    wiki.save("b", rows(Status="Old", Owner="Ann", Needs=link), title="Beacon", labels=("service",))
    wiki.save("k", rows(Status="Secret", Rank="1"), title="Kingfisher", labels=("service",))
    wiki.save("n", "<p>no properties</p>", title="Note", labels=("service",))
    other = rows(Status="Of another kind").replace("<ac:rich", '<ac:parameter ac:name="id">x</ac:parameter><ac:rich')
    wiki.save("x", other, title="Other", labels=("service",))
    wiki.site.rule(Rules("k", ("service",), clause(principal_of(ALICE.id))))
    return wiki


REPORTS = {
    "all columns": (
        macro("detailssummary", label="service", sortBy="Title", reverseSort="true"),
        (
            "| Title | Status | Owner | Needs |\n| --- | --- | --- | --- |\n"
            "| [Weir](/w) | `Live` | @Bob Berg |  |\n| [Beacon](/b) | Old | Ann | [Weir](/w) |"
        ),
    ),
    "some columns, by one of them": (
        macro(
            "detailssummary",
            cql='label = "service"',
            headings='Owner, "Status"',
            sortBy="Status",
            firstcolumn="Service",
        ),
        (
            "| Service | Owner | Status |\n| --- | --- | --- |\n"
            "| [Weir](/w) | @Bob Berg | `Live` |\n| [Beacon](/b) | Ann | Old |"
        ),
    ),
    "of a group": (
        macro("detailssummary", label="service", id="x", showSpace="true", showLastModified="true"),
        (
            "| Title | Status | Space | Changed |\n| --- | --- | --- | --- |\n"
            "| [Other](/x) | Of another kind | Engineering | 2026-03-01 |"
        ),
    ),
    "nothing": (macro("detailssummary", label="no-such"), "No page has such page properties."),
}


@pytest.mark.parametrize("name", REPORTS)
def test_page_properties_are_reported_as_they_are_now(services: Wiki, bob: Viewer, name: str) -> None:
    body, text = REPORTS[name]
    assert shown(services, body, bob) == text


def test_a_report_has_neither_rows_nor_columns_of_what_is_hidden(services: Wiki, alice: Viewer, bob: Viewer) -> None:
    body = macro("detailssummary", label="service")
    assert "| [Kingfisher](/k) | Secret |" in shown(services, body, alice)
    assert "Rank" in shown(services, body, alice)
    assert "Rank" not in shown(services, body, bob)
    stored = services.stored("host")
    assert stored.passages == ()
    assert stored.properties == ()


def test_what_a_report_shows_follows_the_choice_of_its_connection(services: Wiki, bob: Viewer) -> None:
    before = connections.connection(services.db, services.site.id)
    chosen = ConversionOptions(macros=(("status", MacroForm.DROP),))
    connections.change(services.db, before.id, replace(before, conversion=chosen))
    told = shown(services, macro("detailssummary", label="service", headings="Status, Owner"), bob)
    assert "| [Weir](/w) |  | @Bob Berg |" in told
    assert "| [Beacon](/b) | Old | Ann |" in told


@pytest.fixture
def duties(wiki: Wiki) -> Wiki:
    """Tasks on two pages, one of which is for Alice alone."""

    def task(words: str, status: str = "incomplete") -> str:
        return f"<ac:task><ac:task-status>{status}</ac:task-status><ac:task-body>{words}</ac:task-body></ac:task>"

    due = '<time datetime="2026-04-0{}" />'
    bob = f"<ac:link>{user('u-bob')}</ac:link>"
    first = task(f"Mow {bob} {due.format(2)}") + task("Rest", "complete") + task(f"Sow {due.format(1)}")
    wiki.save("g", f"<p>x</p><ac:task-list>{first}</ac:task-list>", title="Garden", labels=("home",))
    wiki.save("s", f"<ac:task-list>{task('Kingfisher')}</ac:task-list>", title="Secret", labels=("home",))
    wiki.site.rule(Rules("s", ("home",), clause(principal_of(ALICE.id))))
    return wiki


HEAD = "| Task | Due | Assignee | On |\n| --- | --- | --- | --- |\n"
MOW = "| ☐ Mow @Bob Berg 2026-04-02 | 2026-04-02 | Bob Berg | [Garden](/g) |"
SOW = "| ☐ Sow 2026-04-01 | 2026-04-01 |  | [Garden](/g) |"
TASKS = {
    "open ones by day": (macro("tasks-report-macro", spaces="ENG"), f"{HEAD}{SOW}\n{MOW}"),
    "somebody's": (macro("tasks-report-macro", assignees="bberg", labels="home"), f"{HEAD}{MOW}"),
    "done ones": (
        macro("tasks-report-macro", spaceAndPage="space:ENG", status="complete"),
        f"{HEAD}| ☑ Rest |  |  | [Garden](/g) |",
    ),
    "of a page": (macro("tasks-report-macro", spaceAndPage="page:g", sortBy="assignee", status="all"), None),
    "elsewhere": (macro("tasks-report-macro", spaces="OPS"), "There are no such tasks."),
}


@pytest.mark.parametrize("name", TASKS)
def test_tasks_are_reported(duties: Wiki, bob: Viewer, name: str) -> None:
    body, text = TASKS[name]
    found = shown(duties, body, bob)
    if text:
        assert found == text
    else:
        assert found.count("[Garden]") == 3
    assert "Kingfisher" not in found


def test_a_hidden_task_is_neither_shown_nor_counted(duties: Wiki, alice: Viewer, bob: Viewer) -> None:
    task = "<ac:task-list><ac:task><ac:task-body>Do {}</ac:task-body></ac:task></ac:task-list>"
    duties.save_all({draft(f"t{number}", task.format(number), title=f"T{number}"): () for number in range(120)})
    body = macro("tasks-report-macro", spaces="ENG", pageSize="500")
    assert shown(duties, body, alice).endswith("and 23 more")
    assert shown(duties, body, bob).endswith("and 22 more")


FILES_HEAD = "| File | Size | Changed | By |\n| --- | --- | --- | --- |\n"
A = "| [a.png](/f1) | 9 bytes | 2026-02-28 | Alice Archer |"
B = "| [b.png](/f2) | 2 kB | 2026-03-01 | Alice Archer |"
C = "| [c.pdf](/f3) | 9 bytes | 2026-03-01 | Alice Archer |"
D = "| [d.png](/f4) | 9 bytes | 2026-03-01 | Alice Archer |"
FILES = {
    "files": (macro("attachments"), f"{FILES_HEAD}{B}\n{C}\n{A}"),
    "files by name, of a kind": (macro("attachments", patterns=".*png", sortBy="name"), f"{FILES_HEAD}{A}\n{B}"),
    "files of another page": (macro("attachments", page=page("Other")), f"{FILES_HEAD}{D}"),
    "files of no page": (macro("attachments", page=page("Secret")), "There are no files."),
    "pictures": (macro("gallery", title="Two"), "**Two**\n\n[![a.png](/f1)](/f1)\n\n[![b.png](/f2)](/f2)"),
    "one picture": (macro("gallery", include="b.png"), "[![b.png](/f2)](/f2)"),
    "files of the space": (macro("space-attachments"), None),
}


@pytest.mark.parametrize("name", FILES)
def test_files_are_listed(wiki: Wiki, bob: Viewer, name: str) -> None:
    wiki.attach("f1", "host", "a.png", modified_at=NOW - timedelta(days=1))
    wiki.attach("f2", "host", "b.png", size=1700)
    wiki.attach("f3", "host", "c.pdf", "application/pdf")
    wiki.save("other", title="Other")
    wiki.attach("f4", "other", "d.png")
    wiki.save("secret", title="Secret")
    wiki.attach("f5", "secret", "kingfisher.png")
    wiki.restrict("secret", ALICE.id)
    body, text = FILES[name]
    shown(wiki, body, bob)
    found = shown(wiki, body, bob)
    if text:
        assert found == text
    else:
        assert found.count("| [") == 4
    assert "kingfisher" not in found
