"""What a sync did: what the home holds now, what this run changed, and whether anything is missing."""

from typing import Any

from mainstem.cli.amounts import counted, counted_list
from mainstem.store import documents, runs
from mainstem.store.database import reading
from mainstem.store.runs import Run, RunState
from mainstem.wiki.audience import OPERATOR
from mainstem.wiring.reader import Reader

HELD = ("pages", "blogposts", "comments", "attachments")
DID = ("added", "changed", "unchanged", "deleted")


def summary_of(reader: Reader, run: Run, seconds: float) -> dict[str, Any]:
    """`failed` counts what could not be had so far, each named in `failures`; `complete` means that nothing is open."""
    with reading(reader.engine) as db:
        held = documents.counts(db, viewer=OPERATOR)
        failures = runs.standing_failures(db, run.connection_id)
    changes = {name: run.counters.get(name, 0) for name in (*DID, "requests")}
    waiting, omitted = run.counters.get("waiting_deletions", 0), run.counters.get("omitted", 0)
    return {
        "spaces": held.spaces,
        "pages": held.pages,
        "blogposts": held.blogposts,
        "comments": held.comments,
        "attachments": held.attachments,
        "passages": held.passages,
        **changes,
        "failed": len(failures),
        "failures": [{"id": one.source_id, "title": one.title, "url": one.url, "cause": one.cause} for one in failures],
        "waiting_deletions": waiting,
        "message": run.message,
        "seconds": round(seconds, 3),
        "complete": run.state is RunState.DONE and not (failures or waiting or omitted),
    }


def sentence_of(summary: dict[str, Any]) -> str:
    """The same for a person: what is here, what changed, and what is open, a line each."""
    held = counted_list({name: summary[name] for name in HELD})
    did = ", ".join(f"{summary[name]:,} {name}" for name in DID)
    requests = counted(summary["requests"], "requests")
    lines = [
        f"{held} in {counted(summary['spaces'], 'spaces')}, as {counted(summary['passages'], 'passages')}.",
        f"{did}; {requests}, {summary['seconds']:.1f} s.",
    ]
    if summary["waiting_deletions"]:
        lines.append(
            f"{counted(summary['waiting_deletions'], 'deletions')} wait for you: look at them in Confluence, then keep "
            "or remove them on the page of the connection, or run again with --approve-deletions to remove them."
        )
    lines += [f"Not had: {one['title']} {one['url']} - {one['cause']}" for one in summary["failures"]]
    if summary["message"]:
        lines.append(summary["message"])
    return "\n".join(lines)
