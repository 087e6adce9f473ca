"""Which tables are ours: the durable-work library keeps its own beside them, in the same database."""

from collections.abc import MutableMapping
from typing import Any

FOREIGN = frozenset(
    {
        "application_versions",
        "datasource_outputs",
        "event_dispatch_kv",
        "notifications",
        "operation_outputs",
        "queues",
        "streams",
        "workflow_events",
        "workflow_events_history",
        "workflow_input",
        "workflow_output",
        "workflow_schedules",
        "workflow_status",
    }
)


def ours(name: str | None, kind: str, _parents: MutableMapping[Any, str | None]) -> bool:
    """Whether Alembic should look at a thing of this name; what is no table always stands below one of ours."""
    return kind != "table" or name is None or not (name in FOREIGN or name.startswith("dbos"))
