"""What the notation needs to know beside the text: who people are, where links lead, which ids to hand out."""

import itertools
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from xml.sax.saxutils import quoteattr

NAMESPACE = uuid.UUID("5f0c1c7e-6c0a-4a57-9c55-0d6a1f0b7f10")
"""Every id of the sample is a UUID5 below this one, so that two builds are equal."""


class NotationError(ValueError):
    """The text uses the notation wrongly; names the page and the offending line."""


@dataclass(frozen=True, slots=True)
class Writing:
    """The page being written. `people` maps a cast key to an account id; titles are looked up as `KEY:Title`."""

    space_key: str
    title: str
    people: Mapping[str, str]
    content_ids: Mapping[str, str]
    posting_days: Mapping[str, date]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def wrong(self, what: str) -> NotationError:
        """The error to raise about this page."""
        return NotationError(f"{self.space_key}:{self.title}: {what}")

    def person(self, key: str) -> str:
        """The account id behind a cast key."""
        if key not in self.people:
            raise self.wrong(f"nobody is called @{key}")
        return self.people[key]

    def content_id(self, name: str) -> str:
        """The id of a page or post, by `Title` (this space) or `KEY:Title`."""
        return self.content_ids[self._full_name(name, self.content_ids)]

    def posting_day(self, name: str) -> date:
        """The day on which a blog post came out."""
        return self.posting_days[self._full_name(name, self.posting_days)]

    def local_id(self) -> str:
        """A fresh id for a macro or node of this page."""
        return str(uuid.uuid5(NAMESPACE, f"{self.space_key}:{self.title}#{next(self.numbers)}"))

    def _full_name(self, name: str, known: Mapping[str, object]) -> str:
        for candidate in (name, f"{self.space_key}:{name}"):
            if candidate in known:
                return candidate
        raise self.wrong(f"no content is called {name!r}")


def marker_ref(space_key: str, title: str, selection: str) -> str:
    """The `ac:ref` that ties an inline comment to the words it is about."""
    return str(uuid.uuid5(NAMESPACE, f"{space_key}:{title}!{selection}"))


def element(tag: str, attributes: Mapping[str, str] | None = None, content: str = "") -> str:
    """One XML element around content that is already XML."""
    written = "".join(f" {name}={quoteattr(value)}" for name, value in (attributes or {}).items())
    return f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written} />"


def cdata(value: str) -> str:
    """Text as CDATA, the way Confluence splits an inner end mark."""
    return f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"
