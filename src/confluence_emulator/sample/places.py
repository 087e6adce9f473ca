"""The spaces of Larkspur's wiki and who may view them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A space. `viewers` are the groups that may view it, or the words `anonymous` and `all-licensed`."""

    key: str
    name: str
    description: str
    viewers: tuple[str, ...]
    kind: str = "global"
    owner: str = "mara"
    archived: bool = False


PLACES = (
    Place("ENG", "Engineering", "How we build gauges, gateways and Tributary.", ("all-licensed",)),
    Place("OPS", "Operations", "Runbooks, on-call, incidents and the field.", ("all-licensed",)),
    Place("PEO", "People", "Working at Larkspur, from first day to last.", ("confluence-users",)),
    Place("DOCS", "Developer documentation", "Tributary's public API.", ("anonymous", "confluence-users")),
    Place(
        "EBRO",
        "Ebro basin rollout",
        "212 gauges on the Ebro and its tributaries, with the basin authority.",
        ("ebro-rollout", "confluence-guests", "leadership"),
        kind="collaboration",
        owner="elena",
    ),
    Place("LEAD", "Leadership", "Plans, board material and numbers.", ("leadership",), owner="ingrid"),
    Place("~tomas", "Tomás Herrera", "", ("confluence-users",), kind="personal", owner="tomas"),
    Place(
        "RL1", "Reedline 1 (retired)", "The first gauge, sold until it was replaced.", ("all-licensed",), archived=True
    ),
)
