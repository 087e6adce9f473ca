"""The texts of files in a sync: found by those who may read their page, read once, and stopping nothing."""

from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from confluence_emulator import state
from confluence_emulator.state import changes
from mainstem.search.find import Result, find
from mainstem.settings import Settings
from mainstem.store import connections, documents, file_texts, kept, tables
from mainstem.store.database import reading
from mainstem.store.runs import RunState
from mainstem.sync.files import AT_ONCE, MB
from mainstem.wiki.audience import OPERATOR, Viewer
from mainstem.wiki.content import Kind
from mainstem.wiki.files import USUAL_MB, file_options_of
from mainstem.wiring.objects import NoObjectStore, objects_of, sweep
from tests.files import office
from tests.sync.larkhill import Session, Wiki, connected

PDF = "application/pdf"


def attach(wiki: Wiki, page: state.Content, name: str, data: bytes, media_type: str = PDF) -> state.Content:
    return changes.attach(wiki.site, page, wiki.alice.account_id, name, changes.new_file(wiki.site, media_type, data))


def found(session: Session, text: str, person: state.User | None) -> list[Result]:
    hub = session.hub
    with reading(hub.engine) as db:
        viewer = session.viewer(db, person)
        return list(find(text, viewer=viewer, store=db, index=hub.index, now=hub.clock()).results)


def downloads(session: Session) -> int:
    """How many files the last sync fetched."""
    return sum(number for route, number in session.routes().items() if "download" in route)


def body(session: Session, source_id: str, viewer: Viewer = OPERATOR) -> str:
    with reading(session.hub.engine) as db:
        stored = documents.document(db, (session.connection_id, source_id), viewer=viewer)
    return (stored and stored.source) or ""


def digests(session: Session) -> set[str]:
    with reading(session.hub.engine) as db:
        return set(db.execute(select(tables.kept_files.c.digest)).scalars())


def test_what_stands_in_a_file_is_found_with_its_page_by_those_who_may_read_it(session: Session, wiki: Wiki) -> None:
    page = wiki.page("Kettle")
    wiki.restrict(page, wiki.alice, wiki.sync)
    attach(wiki, page, "report.pdf", office.pdf(["Nothing here.", "The turbine hums."]))
    assert session.sync().state is RunState.DONE
    [hit] = found(session, "turbine", wiki.alice)
    assert (hit.title, hit.kind, hit.heading_path, hit.anchor) == ("report.pdf", Kind.ATTACHMENT, ("Page 2",), "page-2")
    assert found(session, "turbine", wiki.bob) == found(session, "turbine", None) == []


def test_a_file_that_did_not_change_costs_no_request(session: Session, wiki: Wiki) -> None:
    attach(wiki, wiki.page("Kettle"), "report.pdf", office.pdf(["turbine"]))
    session.sync()
    assert downloads(session) == 1
    session.sync()
    assert downloads(session) == 0


def test_a_new_version_is_read_in_the_stead_of_the_old(session: Session, wiki: Wiki) -> None:
    page = wiki.page("Kettle")
    attach(wiki, page, "report.pdf", office.pdf(["turbine"]))
    session.sync()
    attach(wiki, page, "report.pdf", office.pdf(["propeller"]))
    session.sync()
    assert not found(session, "turbine", wiki.alice)
    assert [hit.title for hit in found(session, "propeller", wiki.alice)] == ["report.pdf"]


def test_a_file_that_comes_back_is_read_again_from_what_is_kept(session: Session, wiki: Wiki) -> None:
    page = wiki.page("Kettle")
    attach(wiki, page, "report.pdf", office.pdf(["turbine"]))
    session.sync()
    changes.trash(wiki.site, page)
    session.sync()
    assert not found(session, "turbine", wiki.alice)
    changes.restore(wiki.site, page)
    session.sync()
    assert downloads(session) == 0
    assert found(session, "turbine", wiki.alice)


def test_the_same_bytes_are_kept_once(session: Session, wiki: Wiki) -> None:
    page, data = wiki.page("Kettle"), office.pdf(["turbine"])
    for name in ("one.pdf", "two.pdf"):
        attach(wiki, page, name, data)
    session.sync()
    [digest] = digests(session)
    assert session.hub.objects.path(digest)
    assert len(found(session, "turbine", wiki.alice)) == 2


def test_bad_files_fail_one_by_one_with_their_causes_and_all_else_arrives(session: Session, wiki: Wiki) -> None:
    page = wiki.page("Kettle")
    bad = {
        "locked.pdf": (office.pdf(["x"], password="secret"), "password"),
        "cut.docx": (office.word()[:900], "damaged or cut off"),
        "wrong.pdf": (b"a picture, really", "no PDF"),
        "empty.txt": (b"", "empty"),
    }
    ids = {attach(wiki, page, name, data).id: cause for name, (data, cause) in bad.items()}
    attach(wiki, page, "good.txt", b"turbine", "text/plain")
    assert session.sync().state is RunState.DONE
    assert found(session, "turbine", wiki.alice)
    for _ in range(2):
        causes = session.failures()
        assert causes.keys() == ids.keys()
        assert all(cause in causes[id_] for id_, cause in ids.items())
        # They stand, and nobody asks for them again.
        session.sync()
        assert downloads(session) == 0


def test_a_failure_is_forgotten_with_a_better_version(session: Session, wiki: Wiki) -> None:
    page = wiki.page("Kettle")
    attach(wiki, page, "report.pdf", b"no pdf")
    session.sync()
    assert session.failures()
    attach(wiki, page, "report.pdf", office.pdf(["turbine"]))
    session.sync()
    assert not session.failures()


@pytest.mark.parametrize("fault", ["403:path=download", "404:path=download", "500:path=download"])
def test_a_file_that_confluence_does_not_give_is_asked_for_by_the_next_sync(
    session: Session, wiki: Wiki, fault: str
) -> None:
    file = attach(wiki, wiki.page("Kettle"), "report.pdf", office.pdf(["turbine"]))
    wiki.fault(fault)
    assert session.sync().state is RunState.DONE
    assert session.failures().keys() == {file.id}
    assert "report" not in session.failures()[file.id]
    wiki.fault()
    session.sync()
    assert not session.failures()
    assert found(session, "turbine", wiki.alice)


def test_kinds_that_are_not_read_and_files_that_are_too_large_stay_unfetched(session: Session, wiki: Wiki) -> None:
    page = wiki.page("Kettle")
    attach(wiki, page, "plan.png", b"\x89PNG", "image/png")
    attach(wiki, page, "large.txt", bytes(USUAL_MB * MB + 1), "text/plain")
    session.sync()
    assert downloads(session) == 0
    assert not session.failures()
    with reading(session.hub.engine) as db:
        told = set(db.execute(select(tables.file_texts.c.cause)).scalars())
    assert told == {"", "The file is larger than 25 MB; attach it in smaller parts for its text to be found"}


def choose(session: Session, **facts: object) -> None:
    """Let the connection take of files what these facts say."""
    with session.hub.engine.begin() as db:
        saved = connections.connection(db, session.connection_id)
        chosen = replace(saved.conversion, files=file_options_of(facts))
        connections.change(db, saved.id, replace(saved, conversion=chosen))


def causes(session: Session) -> dict[str, int]:
    with reading(session.hub.engine) as db:
        return {cause: number for (_, cause), number in file_texts.tally(db, session.connection_id).items()}


def test_what_is_taken_of_a_file_is_a_choice_by_kind_and_size(session: Session, wiki: Wiki) -> None:
    page = wiki.page("Kettle")
    names = {"pdf": "a.pdf", "text": "b.txt", "csv": "c.csv", "markdown": "d.md"}
    for kind, name in names.items():
        attach(wiki, page, name, office.pdf(["turbine"]) if kind == "pdf" else b"turbine\n", "text/plain")
    attach(wiki, page, "e.md", b"turbine " * 130_000, "text/plain")
    choose(session, forms={"text": "text", "csv": "file", "markdown": "skip"}, most_mb=1)
    session.sync()
    assert {hit.title for hit in found(session, "turbine", wiki.alice)} == {"a.pdf", "b.txt"}
    assert downloads(session) == 2
    assert len(digests(session)) == len(list(session.hub.home.objects.glob("*/*"))) == 1
    why = "The connection's choice is to read no "
    assert causes(session) == {"": 2, f"{why}Markdown text": 2, f"{why}CSV table": 1}


def test_another_choice_counts_from_the_next_sync_and_reads_again_only_what_it_changes(
    session: Session, wiki: Wiki
) -> None:
    page = wiki.page("Kettle")
    attach(wiki, page, "a.txt", b"turbine", "text/plain")
    attach(wiki, page, "b.csv", b"turbine,rotor", "text/plain")
    attach(wiki, page, "c.pdf", b"%PDF-nothing")
    session.sync()
    assert downloads(session) == 3
    choose(session, forms={"text": "skip"})
    session.sync()
    assert downloads(session) == 0
    assert [hit.title for hit in found(session, "turbine", wiki.alice)] == ["b.csv"]
    assert len(session.failures()) == 1
    choose(session, forms={"csv": "text"})
    session.sync()
    assert downloads(session) == 1
    assert {hit.title for hit in found(session, "turbine", wiki.alice)} == {"a.txt", "b.csv"}
    session.sync()
    assert downloads(session) == 0
    assert len(session.failures()) == 1


def test_pictures_are_read_where_that_was_chosen_as_soon_as_something_can(
    session: Session, wiki: Wiki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = wiki.page("Kettle")
    attach(wiki, page, "plan.png", office.picture("x"), "image/png")
    attach(wiki, page, "scan.pdf", office.scan("Typed."))
    monkeypatch.setenv("PATH", str(tmp_path))
    choose(session, ocr=True)
    session.sync()
    assert causes(session) == {"": 1, "No OCR: tesseract not found; install it where the hub runs": 1}
    office.tesseract(tmp_path, "/bin/cat > /dev/null\necho the turbine")
    session.sync()
    assert {hit.title for hit in found(session, "turbine", wiki.alice)} == {"plan.png", "scan.pdf"}
    choose(session)
    session.sync()
    assert not found(session, "turbine", wiki.alice)
    assert [hit.title for hit in found(session, "typed", wiki.alice)] == ["scan.pdf"]
    assert downloads(session) == 0
    assert len(digests(session)) == 2


def test_a_file_of_an_old_kind_says_what_to_do(session: Session, wiki: Wiki) -> None:
    attach(wiki, wiki.page("Kettle"), "mail.msg", b"\xd0\xcf\x11\xe0", "application/vnd.ms-outlook")
    session.sync()
    [told] = causes(session)
    assert "save the mail as .eml" in told
    assert downloads(session) == 0


def test_the_bytes_are_those_of_the_version_that_was_listed(session: Session, wiki: Wiki) -> None:
    page = wiki.page("Kettle")
    file = attach(wiki, page, "report.pdf", office.pdf(["turbine"]))

    def deed() -> None:
        if "/api/v2/attachments" not in wiki.meanwhile.entries[-1].path:
            wiki.meanwhile.plan(0, deed)
            return
        wiki.restrict(page, wiki.alice, wiki.sync)
        attach(wiki, page, "report.pdf", office.pdf(["only for Alice"]))

    wiki.meanwhile.plan(0, deed)
    session.sync()
    assert wiki.meanwhile.deed is None
    assert "turbine" in body(session, file.id)


def test_many_files_are_read_batch_by_batch(session: Session, wiki: Wiki) -> None:
    page = wiki.page("Kettle")
    for number in range(2 * AT_ONCE + 1):
        attach(wiki, page, f"{number}.txt", f"turbine {number}".encode(), "text/plain")
    session.sync()
    assert len({hit.document_id for number in range(40) for hit in found(session, f"{number}.txt", wiki.alice)}) == 33


@pytest.mark.parametrize("datacenter", [False, True])
def test_without_attachments_no_file_is_fetched(wiki: Wiki, tmp_path: Path, datacenter: bool) -> None:
    attach(wiki, wiki.page("Kettle"), "report.pdf", office.pdf(["turbine"]))
    kinds = frozenset({Kind.PAGE, Kind.BLOGPOST})
    with connected(wiki, tmp_path / "other", datacenter=datacenter, kinds=kinds) as session:
        session.sync()
        assert downloads(session) == 0
        assert not found(session, "turbine", wiki.alice)


def test_files_of_a_data_center_are_read_too(wiki: Wiki, tmp_path: Path) -> None:
    attach(wiki, wiki.page("Kettle"), "report.pdf", office.pdf(["turbine"]))
    with connected(wiki, tmp_path / "other", datacenter=True) as session:
        session.sync()
        assert [hit.title for hit in found(session, "turbine", wiki.alice)] == ["report.pdf"]


def test_the_bytes_of_an_older_version_go_with_the_last_document_that_has_them(session: Session, wiki: Wiki) -> None:
    page, data = wiki.page("Kettle"), office.pdf(["turbine"])
    attach(wiki, page, "one.pdf", data)
    attach(wiki, page, "two.pdf", data)
    session.sync()
    [digest] = digests(session)
    attach(wiki, page, "one.pdf", office.pdf(["propeller"]))
    session.sync()
    assert session.hub.objects.path(digest)
    attach(wiki, page, "two.pdf", office.pdf(["rudder"]))
    session.sync()
    assert session.hub.objects.path(digest) is None
    assert all(session.hub.objects.path(each) for each in digests(session))


def test_no_sweep_takes_what_was_just_kept(session: Session, wiki: Wiki) -> None:
    attach(wiki, wiki.page("Kettle"), "one.txt", b"propeller", "text/plain")
    session.sync()
    hub, over = session.hub, Event()
    with reading(hub.engine) as db:
        [document] = db.execute(select(tables.kept_files.c.document_id)).scalars()

    def sweeps() -> None:
        while not over.is_set():
            sweep(hub.engine, hub.objects)

    sweeper = Thread(target=sweeps)
    sweeper.start()
    try:
        for version in range(2, 30):
            with hub.objects.adding(most=100) as writing:
                writing.write(b"odd" if version % 2 else b"even")
                with hub.engine.begin() as db:
                    kept.keep(db, document, version=version, digest=writing.digest, now=hub.clock())
            assert hub.objects.path(writing.digest)
        sweep(hub.engine, hub.objects)
        assert [path.name for path in hub.home.objects.glob("*/*")] == [writing.digest]
    finally:
        over.set()
        sweeper.join()


def test_files_are_kept_in_the_bucket_that_the_settings_name(wiki: Wiki, tmp_path: Path) -> None:
    attach(wiki, wiki.page("Kettle"), "report.pdf", office.pdf(["turbine"]))
    bucket = tmp_path / "bucket"
    bucket.mkdir()
    settings = Settings(objects_url=SecretStr(f"file://{bucket}"))
    with connected(wiki, tmp_path / "other", settings=settings) as session:
        session.sync()
        assert found(session, "turbine", wiki.alice)
        assert len([path for path in bucket.rglob("*") if path.is_file()]) == 1


def test_a_bucket_that_refuses_ends_the_sync_with_the_reason_and_the_next_one_reads_on(
    wiki: Wiki, tmp_path: Path
) -> None:
    attach(wiki, wiki.page("Kettle"), "report.pdf", office.pdf(["turbine"]))
    bucket = tmp_path / "bucket"
    bucket.mkdir()
    settings = Settings(objects_url=SecretStr(f"file://{bucket}"))
    with connected(wiki, tmp_path / "other", settings=settings) as session:
        bucket.rmdir()
        bucket.touch()
        run = session.sync()
        assert run.state is RunState.FAILED
        assert "bucket for files cannot be used" in (run.message or "")
        assert found(session, "kettle", wiki.alice)
        bucket.unlink()
        bucket.mkdir()
        assert session.sync().state is RunState.DONE
        assert found(session, "turbine", wiki.alice)


URLS = ["nonsense", "ftp://example.org/x", "s3://", "memory:///", "s3://key:nonsense@bucket/x", "file:///nonsense"]


@pytest.mark.parametrize("url", URLS)
def test_an_object_store_that_is_none_is_refused_without_repeating_its_address(tmp_path: Path, url: str) -> None:
    with pytest.raises(NoObjectStore, match="s3://bucket") as refused:
        objects_of(Settings(objects_url=SecretStr(url)), tmp_path)
    assert "nonsense" not in str(refused.value)
