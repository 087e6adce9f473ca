"""Files anew what was filed by other rules than a connection has now: a changed rule reaches every document.

Nothing is asked of Confluence. Each document says by which rules it was filed, so whoever was stopped goes on.
"""

from sqlalchemy import Engine

from mainstem.store.database import reading
from mainstem.store.filing import file_anew, filed_otherwise, is_filed_otherwise

BATCH = 500
"""Documents that are filed together: a transaction of a tenth of a second or so."""


def refile(engine: Engine) -> int:
    """File everything anew that was filed by other rules; how many documents were."""
    total = 0
    while some := refile_some(engine):
        total += some
    return total


def refile_some(engine: Engine) -> int:
    """File the next documents anew; how many, and 0 where none was filed by other rules."""
    with reading(engine) as db:
        if not is_filed_otherwise(db):
            return 0
    with engine.begin() as db:
        found = filed_otherwise(db, limit=BATCH)
        for connection_id, ids in found.items():
            file_anew(db, connection_id, ids)
    return sum(map(len, found.values()))
