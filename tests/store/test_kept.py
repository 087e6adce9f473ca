"""Which files are kept, noted by those who keep them while a sweep forgets others."""

from threading import Event, Thread

from sqlalchemy import Engine, select

from mainstem.store import kept
from mainstem.store.database import reading
from mainstem.store.tables import kept_files, kept_objects
from tests.store.site import NOW, page, site


def test_what_is_kept_again_while_a_sweep_forgets_it_stays_noted(engine: Engine) -> None:
    digest, forgotten = "ab" * 32, Event()
    with engine.begin() as db:
        document = site(db).save(page("p1"))["p1"]
        kept.keep(db, document, version=1, digest=digest, now=NOW)
        kept.let_go(db, [document])

    def forget() -> None:
        with engine.begin() as db:
            kept.forget(db, [digest])
        forgotten.set()

    sweep = Thread(target=forget)
    with engine.begin() as db:
        kept.keep(db, document, version=1, digest=digest, now=NOW)
        sweep.start()
        assert not forgotten.wait(0.2)
    sweep.join()
    with reading(engine) as db:
        assert db.execute(select(kept_files.c.digest)).scalars().all() == [digest]
        assert db.execute(select(kept_objects.c.digest)).scalars().all() == [digest]
