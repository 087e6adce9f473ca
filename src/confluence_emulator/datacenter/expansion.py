"""The `expand` parameter as a tree: `body.storage,history.lastUpdated` asks for two branches."""

from collections.abc import Iterable
from dataclasses import dataclass, field

BODY_CAP = 50
EXPANDED_CAP = 200
PLAIN_CAP = 1000


@dataclass(slots=True)
class Expand:
    """What is to be expanded below one property; an empty one expands nothing."""

    branches: dict[str, "Expand"] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        """Whether a property of this level is asked for."""
        return name in self.branches

    def __getitem__(self, name: str) -> "Expand":
        """What is asked for below a property; empty if it is not asked for itself."""
        return self.branches.get(name) or Expand()

    @property
    def cap(self) -> int:
        """The most rows that a listing of contents gives with this expansion: the more is expanded, the fewer."""
        if "body" in self:
            return BODY_CAP
        return EXPANDED_CAP if self.branches else PLAIN_CAP


def parse_expand(texts: Iterable[str]) -> Expand:
    """Read every `expand` of a request; names are separated by commas, levels by dots."""
    root = Expand()
    for path in ",".join(texts).split(","):
        branch = root
        for name in filter(None, path.strip().split(".")):
            branch = branch.branches.setdefault(name, Expand())
    return root


def expandable(expand: Expand, links: dict[str, str]) -> dict[str, str]:
    """The `_expandable` of an object: what could have been asked for and was not."""
    return {name: link for name, link in links.items() if name not in expand}
