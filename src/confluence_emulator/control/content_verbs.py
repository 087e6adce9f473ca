"""What a control call can do to contents: each verb is a change of `state.changes`, told in JSON."""

import base64

from confluence_emulator.control.desk import ControlError, Order, Verb, find_group, find_user
from confluence_emulator.state import Content, Kind, Remark, changes

Told = dict[str, object]


def told(content: Content) -> Told:
    """What every verb answers: which content, and how it stands now."""
    return {"id": content.id, "status": str(content.status), "version": content.version.number, "title": content.title}


def create(order: Order) -> Told:
    """`space`, `title`; `kind` (page), `body`, `parent`, `author`, `id`."""
    draft = changes.Draft(order.text("title"), order.text("body", ""), id=order.text("id", ""))
    kind, parent = _kind(order), order.optional_content("parent")
    return told(changes.create(order.site, kind, order.space(), order.author_id(), draft, parent=parent))


def update(order: Order) -> Told:
    """`id`, `body`; `author`, `message`."""
    content = order.content()
    changes.update(order.site, content, order.author_id(), order.text("body"), message=order.text("message", ""))
    return told(content)


def rename(order: Order) -> Told:
    """`id`, `title`; `author`."""
    content = order.content()
    changes.rename(order.site, content, order.author_id(), order.text("title"))
    return told(content)


def trash(order: Order) -> Told:
    """`id`."""
    content = order.content()
    changes.trash(order.site, content, order.author_id())
    return told(content)


def restore(order: Order) -> Told:
    """`id`."""
    content = order.content()
    changes.restore(order.site, content, order.author_id())
    return told(content)


def purge(order: Order) -> Told:
    """`id`; it is gone afterwards."""
    content = order.content()
    changes.purge(order.site, content, order.author_id())
    return {"id": content.id}


def archive(order: Order) -> Told:
    """`id`."""
    content = order.content()
    changes.archive(order.site, content, order.author_id())
    return told(content)


def unarchive(order: Order) -> Told:
    """`id`."""
    content = order.content()
    changes.unarchive(order.site, content, order.author_id())
    return told(content)


def move(order: Order) -> Told:
    """`id`; `parent`, or none for the top of `space` (its own if left out)."""
    content, parent = order.content(), order.optional_content("parent")
    here = parent.space_id if parent is not None else content.space_id
    space = order.space() if order.arguments.get("space") else order.site.spaces[here]
    changes.move(order.site, content, space, parent, order.author_id())
    return told(content)


def duplicate(order: Order) -> Told:
    """`id`, `title`; `parent`, `author`: a copy with an id of its own."""
    content, parent = order.content(), order.optional_content("parent")
    return told(changes.copy(order.site, content, order.author_id(), order.text("title"), parent=parent))


def label(order: Order) -> Told:
    """`id`, `name`; `prefix` (global)."""
    content = order.content()
    changes.label(order.site, content, order.text("name"), prefix=order.text("prefix", "global"))
    return told(content)


def unlabel(order: Order) -> Told:
    """`id`, `name`; `prefix` (global)."""
    content = order.content()
    changes.unlabel(order.site, content, order.text("name"), prefix=order.text("prefix", "global"))
    return told(content)


def restrict(order: Order) -> Told:
    """`id`; `users`, `groups` (nobody: no restriction), `operation` (read)."""
    content, site = order.content(), order.site
    changes.restrict(
        site,
        content,
        users=tuple(find_user(site, name).account_id for name in order.words("users")),
        groups=tuple(find_group(site, name).id for name in order.words("groups")),
        operation=order.text("operation", "read"),
    )
    return told(content)


def comment(order: Order) -> Told:
    """`id` of what is commented, `body`; `author`, `parent`; `selection` makes it inline."""
    selection = order.text("selection", "")
    remark = Remark(inline=True, resolution="open", selection=selection) if selection else None
    on, parent = order.content(), order.optional_content("parent")
    return told(changes.comment(order.site, on, order.author_id(), order.text("body"), parent=parent, remark=remark))


def resolve(order: Order) -> Told:
    """`id` of an inline comment; `resolution` (resolved), `author`."""
    content = order.content()
    changes.resolve(order.site, content, order.author_id(), order.text("resolution", "resolved"))
    return told(content)


def attach(order: Order) -> Told:
    """`id`, `name`, and `text` or `base64`; `media_type` (text/plain), `author`."""
    encoded = order.arguments.get("base64")
    data = base64.b64decode(str(encoded)) if encoded is not None else order.text("text").encode()
    file = changes.new_file(order.site, order.text("media_type", "text/plain"), data)
    return told(changes.attach(order.site, order.content(), order.author_id(), order.text("name"), file))


def _kind(order: Order) -> Kind:
    name = order.text("kind", "page")
    if name not in set(Kind):
        raise ControlError(f"there is no kind '{name}': {', '.join(Kind)}")
    return Kind(name)


VERBS: dict[str, Verb] = {
    "create": create,
    "update": update,
    "rename": rename,
    "trash": trash,
    "restore": restore,
    "purge": purge,
    "archive": archive,
    "unarchive": unarchive,
    "move": move,
    "copy": duplicate,
    "label": label,
    "unlabel": unlabel,
    "restrict": restrict,
    "comment": comment,
    "resolve": resolve,
    "attach": attach,
}
