"""Any number of generated pages, for measuring: the same for the same seed, and quick to make.

The people are Larkspur's, so the same credentials open it, and some hundred more. The owner may see every page.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from confluence_emulator.sample.cast import OWNER, SITE_NAME
from confluence_emulator.sample.larkspur import add_people
from confluence_emulator.sample.prose import Fragments, Prose, Words, fragments, read_words
from confluence_emulator.state import Content, Group, Kind, Restriction, Site, Space, changes, membership
from confluence_emulator.state.changes import Draft
from confluence_emulator.state.spaces import ADMIN_RIGHTS, ALL_LICENSED, MEMBER_RIGHTS, group_principal, user_principal

RESTRICTED_SHARE = 0.05
TEAMS = 8
COLLEAGUES = 120
PARAGRAPHS = 4000
LABELS_OF_A_PAGE = (0, 1, 1, 2, 2, 3)
TOC = '<ac:structured-macro ac:name="toc" ac:schema-version="1" />'
LINK = ' <ac:link><ri:page ri:content-title="{title}" /></ac:link>'


@dataclass(frozen=True, slots=True)
class _Press:
    """What pages are made of."""

    site: Site
    start: datetime
    rng: random.Random
    prose: Prose
    pieces: Fragments
    labels: list[str]
    authors: list[str]
    teams: list[Group]


def generate(spaces: int, pages: int, seed: int, now: Callable[[], datetime]) -> Site:
    """`pages` pages, spread evenly over `spaces` spaces. About 7 KB of storage format each, in trees of four levels."""
    site = Site(SITE_NAME, now)
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose, guards nothing
    words = read_words()
    prose = Prose(rng, words)
    add_people(site)
    teams = [membership.add_group(site, f"team-{root}") for root in words["roots"][:TEAMS]]
    authors = [OWNER.account_id, *_add_colleagues(site, rng, words, teams)]
    pieces = fragments(prose, min(PARAGRAPHS, 200 + pages * 4))
    press = _Press(site, now(), rng, prose, pieces, words["nouns"][:150], authors, teams)
    for number in range(spaces):
        share = pages // spaces + (number < pages % spaces)
        _fill(press, _add_space(press, number, words), share)
    return site


def _add_colleagues(site: Site, rng: random.Random, words: Words, teams: list[Group]) -> list[str]:
    everyone = site.group_by_name("confluence-users")
    joined = (everyone,) if everyone else ()
    made = []
    for number in range(COLLEAGUES):
        name = f"{rng.choice(words['names'])} {rng.choice(words['surnames'])}"
        user = membership.add_user(site, name, f"colleague{number}", groups=(*joined, teams[number % TEAMS]))
        made.append(user.account_id)
    return made


def _add_space(press: _Press, number: int, words: Words) -> Space:
    root = words["roots"][number % len(words["roots"])]
    space = membership.add_space(
        press.site, f"{root[:4].upper()}{number}", f"{root.title()} {number}", OWNER.account_id
    )
    open_to_all = number % 5 != 4
    readers = ALL_LICENSED if open_to_all else group_principal(press.teams[number % TEAMS].id)
    membership.grant(press.site, space, readers, MEMBER_RIGHTS)
    membership.grant(press.site, space, user_principal(OWNER.account_id), ADMIN_RIGHTS)
    return space


def _fill(press: _Press, space: Space, count: int) -> None:
    titles = _titles(press, space, count)
    width = max(2, round(count ** (1 / 3)))
    made: list[Content] = []
    for number, title in enumerate(titles):
        parent = made[(number - 1) // width] if number else None
        draft = Draft(title, _body(press, titles), created_at=_moment(press, 730))
        content = changes.create(press.site, Kind.PAGE, space, press.rng.choice(press.authors), draft, parent=parent)
        _finish(press, content, number)
        made.append(content)
    if made:
        membership.set_homepage(press.site, space, made[0].id)


def _titles(press: _Press, space: Space, count: int) -> list[str]:
    """Different titles, the home page's first; a second one of the same words gets a number."""
    titles = {f"{space.name} home": None}
    while len(titles) < count:
        title = press.prose.title()
        titles[title if title not in titles else f"{title} ({len(titles)})"] = None
    return list(titles)[:count]


def _moment(press: _Press, days: int) -> datetime:
    return press.start - timedelta(seconds=press.rng.randrange(3600, days * 86_400))


def _body(press: _Press, titles: list[str]) -> str:
    rng, pieces = press.rng, press.pieces
    count = rng.randint(2, 6)
    headings, specials = rng.choices(pieces.headings, k=count), rng.choices(pieces.specials, k=count)
    opening, *paragraphs = rng.choices(pieces.paragraphs, k=2 * count + 1)
    sections = zip(headings, paragraphs[:count], specials, paragraphs[count:], strict=True)
    links = "".join(LINK.format(title=title) for title in rng.choices(titles, k=2))
    return "".join([opening, TOC, *chain.from_iterable(sections), f"<p>See also{links}</p>"])


def _finish(press: _Press, content: Content, number: int) -> None:
    rng = press.rng
    for name in rng.sample(press.labels, rng.choice(LABELS_OF_A_PAGE)):
        changes.label(press.site, content, name)
    if number and rng.random() < RESTRICTED_SHARE:
        content.readers = Restriction([OWNER.account_id], [team.id for team in rng.sample(press.teams, 2)])
    if rng.random() < 0.6:
        age = (press.start - content.created_at) * rng.random()
        author = rng.choice(press.authors)
        content.versions.append(replace(content.version, number=2, author_id=author, created_at=press.start - age))
