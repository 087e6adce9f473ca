"""What people do to a wiki, at random: the deeds of the random histories, told as sentences.

Every choice is drawn from one `random.Random`, so that a seed, or Hypothesis, decides the whole story.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from confluence_emulator import state
from confluence_emulator.state import Content, Kind, Space, Status, changes, membership
from confluence_emulator.state.contents import TREE_KINDS
from confluence_emulator.state.spaces import ANONYMOUS, VIEWER_RIGHTS, group_principal
from tests.sync.larkhill import Wiki

POSTS = frozenset({Kind.PAGE, Kind.BLOGPOST})
FOLDERS = (Kind.FOLDER, Kind.WHITEBOARD, Kind.DATABASE, Kind.EMBED)
MANY = 52
"""More changed pages than one batch of a listing puts off."""


@dataclass
class Deeds:
    """Everything that can happen to a wiki. `story` tells what did.

    `datacenter`: there are no folders, but groups in groups. `binder` is a page with many pages below it, which are
    only edited all at once.
    """

    wiki: Wiki
    chance: random.Random
    datacenter: bool
    story: list[str] = field(default_factory=list)
    binder: tuple[Content, ...] = ()

    def __post_init__(self) -> None:
        self.ops = self.wiki.new_space("OPS", "Operations")
        self.lab = self.wiki.new_space("LAB", "Laboratory")
        self.crew = membership.add_group(self.wiki.site, "crew")
        membership.join(self.wiki.site, self.crew, self.wiki.charlie)

    def bind(self) -> None:
        """Put up the binder."""
        cover = self.wiki.page("Binder")
        leaves = [self.wiki.page(f"Leaf {number}", "<p>A zebra.</p>", parent=cover) for number in range(MANY)]
        self.binder = (cover, *leaves)

    def some(self, deeds: Sequence[Callable[[], None]], number: int) -> None:
        """Do so many of these deeds."""
        for _ in range(number):
            self.chance.choice(deeds)()

    # Choosing

    def one(self, *kinds: Kind, status: Status = Status.CURRENT) -> Content | None:
        """Any content of these kinds that is not in the binder, whose cover is."""
        found = [
            each
            for each in self.wiki.site.contents.values()
            if each.kind in kinds and each.status is status and each not in self.binder[1:]
        ]
        return self.chance.choice(found) if found else None

    def space(self) -> Space:
        """Any space that is there."""
        return self.chance.choice([each for each in self.wiki.site.spaces.values() if each.status is Status.CURRENT])

    def above(self) -> Content | None:
        """Where to put something: mostly below something else."""
        return self.one(*TREE_KINDS) if self.chance.random() < 0.7 else None

    def tell(self, sentence: str, *about: Content | Space) -> None:
        """Add to the story; `{}` are the titles of contents and the keys of spaces."""
        names = [each.key if isinstance(each, Space) else f"{each.kind} '{each.title}'" for each in about]
        self.story.append(sentence.format(*names))

    # Contents

    def write(self) -> None:
        """Somebody writes a page or a blog post."""
        kind = self.chance.choice([Kind.PAGE, Kind.PAGE, Kind.PAGE, Kind.BLOGPOST])
        self._make(kind, "<p>A zebra.</p>", self.above() if kind is Kind.PAGE else None)

    def put_up(self) -> None:
        """Somebody makes a folder, a whiteboard, a database or an embed; Data Center has none."""
        if not self.datacenter:
            self._make(self.chance.choice(FOLDERS), "", self.above())

    def _make(self, kind: Kind, body: str, parent: Content | None) -> None:
        space = self.space() if parent is None else self.wiki.site.spaces[parent.space_id]
        made = self.wiki.page(f"{kind} {len(self.story)}", body, parent=parent, space=space, kind=kind)
        self.tell("{} is made below {}" if parent else "{} is made in {}", made, parent or space)

    def comment(self) -> None:
        """Somebody says something."""
        if page := self.one(*POSTS):
            changes.comment(self.wiki.site, page, self.wiki.bob.account_id, "<p>My zebra!</p>")
            self.tell("bob comments on {}", page)

    def attach(self) -> None:
        """Somebody attaches a file."""
        if page := self.one(*POSTS):
            file = changes.new_file(self.wiki.site, "text/plain", b"stripes")
            changes.attach(self.wiki.site, page, self.wiki.alice.account_id, "stripes.txt", file)
            self.tell("a file is attached to {}", page)

    def edit(self) -> None:
        """Somebody changes a text."""
        if page := self.one(*POSTS, Kind.COMMENT):
            animal = self.chance.choice(["zebra", "horse"])
            self.wiki.edit(page, f"<p>Now a {animal} of {len(self.story)}.</p>")
            self.tell("{} is edited", page)

    def edit_many(self) -> None:
        """Somebody restricts the binder, and then all in it is edited."""
        leaves = [each for each in self.binder[1:] if each.id in self.wiki.site.contents]
        if leaves:
            cover = self.wiki.site.contents.get(self.binder[0].id, leaves[0])
            self._restrict(cover)
            self.wiki.rewrite(leaves, f"<p>A zebra of {len(self.story)}.</p>")
            self.tell("all that was below {} is edited", self.binder[0])

    def move(self) -> None:
        """Somebody moves something, with all that is below it, perhaps to another space."""
        moved, target = self.one(*TREE_KINDS), self.above()
        if moved is None or (target is not None and moved in (target, *self.wiki.site.ancestors(target))):
            return
        space = self.space() if target is None else self.wiki.site.spaces[target.space_id]
        changes.move(self.wiki.site, moved, space, target)
        self.tell("{} moves below {}" if target else "{} moves to the top of {}", moved, target or space)

    def restrict(self) -> None:
        """Somebody restricts something."""
        if content := self.one(*POSTS, *TREE_KINDS):
            self._restrict(content)

    def _restrict(self, content: Content) -> None:
        people = self.chance.sample([self.wiki.alice, self.wiki.bob, self.wiki.charlie], self.chance.randint(0, 2))
        groups = (self.wiki.inner,) if self.chance.random() < 0.3 else ()
        # Usually the account of the hub is named too; where it is not, the content and all below it are out of sight.
        own = [self.wiki.sync] if self.chance.random() < 0.9 else []
        self.wiki.restrict(content, *own, *people, groups=groups)
        named = ", ".join([*(each.username for each in (*own, *people)), *(each.name for each in groups)])
        self.tell(f"{{}} is restricted to {named or 'nobody in particular'}", content)

    def lift(self) -> None:
        """Somebody takes a restriction back."""
        restricted = [each for each in self.wiki.site.contents.values() if each.readers is not None]
        if restricted:
            content = self.chance.choice(restricted)
            self.wiki.restrict(content)
            self.tell("{} is no longer restricted", content)

    def label(self) -> None:
        """Somebody labels something."""
        if page := self.one(*POSTS):
            changes.label(self.wiki.site, page, self.chance.choice(["howto", "draft"]))
            self.tell("{} is labelled", page)

    # Leaving

    def trash(self) -> None:
        """Somebody puts something into the trash."""
        if content := self.one(*POSTS, *TREE_KINDS, Kind.COMMENT):
            changes.trash(self.wiki.site, content)
            self.tell("{} goes to the trash", content)

    def restore(self) -> None:
        """Somebody takes something out of the trash."""
        if page := self.one(*POSTS, status=Status.TRASHED):
            changes.restore(self.wiki.site, page)
            self.tell("{} comes back from the trash", page)

    def purge(self) -> None:
        """Somebody deletes something for good."""
        if content := self.one(*POSTS, *TREE_KINDS, Kind.COMMENT):
            self.tell("{} is purged", content)
            changes.purge(self.wiki.site, content)

    def archive(self) -> None:
        """Somebody archives a page."""
        if page := self.one(Kind.PAGE):
            changes.archive(self.wiki.site, page)
            self.tell("{} is archived", page)

    def unarchive(self) -> None:
        """Somebody takes a page out of the archive."""
        if page := self.one(Kind.PAGE, status=Status.ARCHIVED):
            changes.unarchive(self.wiki.site, page)
            self.tell("{} comes back from the archive", page)

    # Spaces

    def archive_space(self) -> None:
        """Operations are archived, or brought back."""
        archived = self.ops.status is Status.ARCHIVED
        (membership.unarchive_space if archived else membership.archive_space)(self.wiki.site, self.ops)
        self.tell(f"{{}} is {'un' if archived else ''}archived", self.ops)

    def remove_space(self) -> None:
        """The laboratory is closed for good."""
        if self.lab.id in self.wiki.site.spaces and self.chance.random() < 0.5:
            membership.remove_space(self.wiki.site, self.lab)
            self.tell("{} is deleted", self.lab)

    def open_space(self) -> None:
        """A space is shown to visitors."""
        space = self.space()
        membership.grant(self.wiki.site, space, ANONYMOUS, VIEWER_RIGHTS)
        self.tell("{} is opened to everyone", space)

    def close_space(self) -> None:
        """A space is no longer shown to visitors."""
        space = self.space()
        membership.revoke(self.wiki.site, space, ANONYMOUS)
        self.tell("{} is closed to visitors", space)

    def grant(self) -> None:
        """A group gets into a space, or no longer."""
        space, group = self.space(), self.chance.choice([self.wiki.staff, self.wiki.inner, self.crew])
        if any(held.principal == group_principal(group.id) for held in space.grants.values()):
            membership.revoke(self.wiki.site, space, group_principal(group.id))
            self.tell(f"{group.name} may no longer view {{}}", space)
        else:
            membership.grant(self.wiki.site, space, group_principal(group.id), VIEWER_RIGHTS)
            self.tell(f"{group.name} may view {{}}", space)

    # People

    def join(self) -> None:
        """Somebody joins a group, or on Data Center a group does."""
        group = self.chance.choice([self.wiki.staff, self.wiki.inner])
        joining = [self.wiki.alice, self.wiki.bob, self.wiki.charlie]
        member = self.crew if self.datacenter and self.chance.random() < 0.3 else self.chance.choice(joining)
        membership.join(self.wiki.site, group, member)
        self.story.append(f"{called(member)} joins {group.name}")

    def leave(self) -> None:
        """Somebody leaves a group."""
        group = self.chance.choice([self.wiki.staff, self.wiki.inner])
        leaving: list[state.User | state.Group] = [self.wiki.alice, self.wiki.bob, self.wiki.charlie, self.crew]
        member = self.chance.choice(leaving)
        membership.leave(self.wiki.site, group, member)
        self.story.append(f"{called(member)} leaves {group.name}")

    def deactivate(self) -> None:
        """An account is closed, or opened again."""
        person = self.chance.choice([self.wiki.alice, self.wiki.bob])
        (membership.deactivate if person.active else membership.reactivate)(self.wiki.site, person)
        self.story.append(f"{person.username} is {'active again' if person.active else 'deactivated'}")

    def calm(self) -> list[Callable[[], None]]:
        """Deeds of every day."""
        often = [self.write, self.write, self.write, self.restrict, self.restrict]
        rights = [self.lift, self.join, self.leave, self.open_space, self.close_space, self.grant]
        return [*often, *rights, self.comment, self.attach, self.edit, self.move, self.label, self.trash, self.archive]

    def wild(self) -> list[Callable[[], None]]:
        """Deeds of every day and all others."""
        places = [self.put_up, self.put_up, self.move, self.move, self.move]
        gone = [self.restore, self.purge, self.unarchive, self.archive_space, self.remove_space]
        return [*self.calm(), *places, *gone, self.edit_many, self.deactivate]


def called(member: state.User | state.Group) -> str:
    """What an account or a group is called."""
    return member.username if isinstance(member, state.User) else member.name
