"""Engineering prose from a grammar: endless, plausible, meaningless, and the same for the same seed.

Words are drawn by Zipf's law from `words.txt` and from some 8,000 names of components made of its roots and tails, so
that word frequencies look like those of a real wiki. Fragments are drawn once and shared by many pages.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import accumulate

SENTENCES = (
    "The {adjective} {noun} {verb} every {noun} that the `{part}` {verb}.",
    "When `{part}` {verb} a {noun}, the {noun} of {part} {verb} within {number} seconds.",
    "We keep the {noun} for {number} days, because the {adjective} {noun} {verb} it only once a week.",
    "Since the {noun} {verb} after {number} attempts, a {adjective} {noun} is enough.",
    "Nobody {verb} the {noun} without a {adjective} {noun}; {name} agreed to write the {noun}.",
    "{part} {verb} the {noun} first and the {adjective} {noun} later.",
    "If the {noun} is {adjective}, restart {part} and look at the {noun} again.",
    "About {number} % of the {adjective} requests end in a {noun}, mostly on {part}.",
    "Ask {name} before you change the {noun}: {part} {verb} it at night.",
    "In the {adjective} case {part} {verb}, and the {noun} {verb} what is left.",
    "A {noun} without a {noun} is {adjective}; one with two is worse.",
    "The limit of {number} was chosen after the {noun} of {part}, not before.",
    "Every {noun} {verb} its own {noun}, so the {adjective} one can be removed.",
    "{name} measured {number} ms for the {noun} and {number} ms for the {adjective} {noun}.",
    "It {verb} the {noun}, {verb} the {noun} and {verb} a {noun}, in this order.",
    "What the {noun} {verb} is {adjective} until {part} has seen {number} of them.",
    "For {adjective} {noun}s the {part} {verb} a copy in the second region.",
    "The {noun} stays {adjective}, even while {part} {verb} the {noun}.",
)
HEADINGS = (
    "How {part} {verb} a {noun}",
    "The {adjective} {noun}",
    "{noun} and {noun}",
    "Why the {noun} is {adjective}",
    "Limits of the {noun}",
    "After the {noun}",
    "When a {noun} {verb}",
    "{part}",
    "Open questions about the {noun}",
)
TITLES = (
    "{part}: {adjective} {noun}",
    "How {part} {verb} its {noun}",
    "Runbook: {noun} of {part} is {adjective}",
    "{adjective} {noun} for {part}",
    "Decision: one {noun} per {noun} in {part}",
    "{part} {noun} review",
    "Moving {part} to a {adjective} {noun}",
    "Notes on the {noun} of {part}",
)
CODE = (
    ("bash", "{part} --{noun} {number} --{adjective}\n{part} status | grep {noun}"),
    ("yaml", "{part}:\n  {noun}: {number}\n  {noun}s:\n    - {adjective}\n    - {adjective}"),
    ("python", "def {noun}_of({noun}s):\n    return [each for each in {noun}s if each.{noun} > {number}]"),
    ("sql", "SELECT {noun}, count(*) FROM {noun}s\nWHERE {noun}_id > {number} GROUP BY {noun};"),
    ("json", '{{"{noun}": {number}, "{noun}s": ["{adjective}", "{adjective}"], "by": "{part}"}}'),
)

ARTICLE = re.compile(r"\b([Aa]) (?=[aeio]|un(?!i)|up|ur)")
"""Where "a" must become "an"."""

Words = dict[str, list[str]]


def read_words() -> Words:
    """The word lists by section."""
    text = (files("confluence_emulator.sample") / "words.txt").read_text("utf-8")
    sections = (part.partition("]") for part in text.split("[")[1:])
    return {name: list(dict.fromkeys(words.split())) for name, _, words in sections}


class Prose:
    """Draws words and fills in patterns."""

    def __init__(self, rng: random.Random, words: Words) -> None:
        parts = [f"{root}-{tail}" for tail in words["tails"] for root in words["roots"]]
        rng.shuffle(parts)
        names = [f"{name} {surname}" for name in words["names"] for surname in words["surnames"]]
        rng.shuffle(names)
        self.rng = rng
        self._slots: dict[str, Iterator[str]] = {
            "noun": _draw(rng, words["nouns"]),
            "verb": _draw(rng, words["verbs"]),
            "adjective": _draw(rng, words["adjectives"]),
            "part": _draw(rng, parts),
            "name": _draw(rng, names),
            "sentence": _draw(rng, SENTENCES),
            "number": _draw(rng, [str(number) for number in (5, 3, 30, 12, 90, 2, 15, 60, *range(100, 900, 7))]),
        }

    def fill(self, pattern: str) -> str:
        """A pattern with words in its slots."""
        return ARTICLE.sub(r"\1n ", pattern.format_map(_Slots(self._slots)))

    def sentence(self) -> str:
        """One sentence that begins with a capital, unless it begins with a component."""
        text = self.fill(next(self._slots["sentence"]))
        return text[0].upper() + text[1:]

    def title(self) -> str:
        """A page's title; not always a new one."""
        text = self.fill(self.rng.choice(TITLES))
        return text[0].upper() + text[1:]


class _Slots(dict[str, Iterator[str]]):
    def __getitem__(self, key: str) -> str:  # type: ignore[override]  # format_map reads words where iterators are kept
        return next(super().__getitem__(key))


def _draw(rng: random.Random, words: Sequence[str]) -> Iterator[str]:
    """Words without end, the first ones most often (Zipf, exponent 0.9)."""
    weights = list(accumulate(1 / (rank + 2) ** 0.9 for rank in range(len(words))))
    while True:
        yield from rng.choices(words, cum_weights=weights, k=4096)


@dataclass(frozen=True, slots=True)
class Fragments:
    """Pieces of storage format to make pages of: headings, paragraphs, and everything that is neither."""

    headings: list[str]
    paragraphs: list[str]
    specials: list[str]


def fragments(prose: Prose, count: int) -> Fragments:
    """`count` paragraphs, and half as many headings and specials."""
    headings = [f"<h2>{_capital(prose.fill(prose.rng.choice(HEADINGS)))}</h2>" for _ in range(count // 2)]
    paragraphs = [_paragraph(prose) for _ in range(count)]
    specials = [SPECIALS[number % len(SPECIALS)](prose) for number in range(count // 2)]
    return Fragments(headings, paragraphs, specials)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _paragraph(prose: Prose) -> str:
    sentences = " ".join(prose.sentence() for _ in range(prose.rng.randint(3, 8)))
    head, *rest = sentences.split("`")
    ticked = "".join(f"<code>{text}</code>" if at % 2 == 0 else text for at, text in enumerate(rest))
    return f"<p>{head}{ticked}</p>"


def _words(prose: Prose) -> str:
    return prose.sentence().replace("`", "")


def _list(prose: Prose) -> str:
    tag = prose.rng.choice(("ul", "ol"))
    items = "".join(f"<li><p>{_words(prose)}</p></li>" for _ in range(prose.rng.randint(4, 8)))
    return f"<{tag}>{items}</{tag}>"


def _table(prose: Prose) -> str:
    head = "".join(f"<th><p>{prose.fill('{noun}')}</p></th>" for _ in range(4))
    rows = "".join(
        prose.fill(
            "<tr><td><p>{part}</p></td><td><p>{number}</p></td><td><p>{adjective}</p></td><td><p>{name}</p></td></tr>"
        )
        for _ in range(prose.rng.randint(4, 9))
    )
    return f'<table data-layout="default"><tbody><tr>{head}</tr>{rows}</tbody></table>'


def _macro(name: str, parameters: dict[str, str], body: str) -> str:
    given = "".join(f'<ac:parameter ac:name="{key}">{value}</ac:parameter>' for key, value in parameters.items())
    return f'<ac:structured-macro ac:name="{name}" ac:schema-version="1">{given}{body}</ac:structured-macro>'


def _rich(content: str) -> str:
    return f"<ac:rich-text-body>{content}</ac:rich-text-body>"


def _code(prose: Prose) -> str:
    language, pattern = prose.rng.choice(CODE)
    text = "\n".join(prose.fill(pattern) for _ in range(3))
    return _macro("code", {"language": language}, f"<ac:plain-text-body><![CDATA[{text}]]></ac:plain-text-body>")


def _notice(prose: Prose) -> str:
    kind = prose.rng.choice(("info", "note", "tip", "warning"))
    return _macro(kind, {"title": prose.fill("{noun} and {noun}")}, _rich(_paragraph(prose)))


def _expand(prose: Prose) -> str:
    return _macro("expand", {"title": prose.fill("More about the {noun}")}, _rich(_paragraph(prose) + _list(prose)))


def _tasks(prose: Prose) -> str:
    tasks = "".join(
        f"<ac:task><ac:task-id>{number}</ac:task-id><ac:task-status>{prose.rng.choice(('complete', 'incomplete'))}"
        f"</ac:task-status><ac:task-body>{_words(prose)}</ac:task-body></ac:task>"
        for number in range(1, 5)
    )
    return f"<ac:task-list>{tasks}</ac:task-list>"


def _statuses(prose: Prose) -> str:
    colours = ("Green", "Yellow", "Red", "Blue")
    row = " ".join(
        f"{prose.fill('{part}')} {_macro('status', {'title': prose.fill('{adjective}'), 'colour': colour}, '')}"
        for colour in colours
    )
    return f"<p>{row}</p>"


SPECIALS: tuple[Callable[[Prose], str], ...] = (
    _list,
    _table,
    _code,
    _notice,
    _expand,
    _tasks,
    _table,
    _statuses,
    _list,
)
