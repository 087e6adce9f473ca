"""The notation within a line.

`code`  **strong**  *emphasis*  ~~struck~~  ((words an inline comment is about))  $maths$
[[Title]]  [[KEY:Title#anchor|words]]  [[#anchor|words]]  [[^file.pdf|words]]  [[^file.pdf@KEY:Title]]
[[~KEY]] a space  [[blog:Title]]  [[id:Title]] by content id  [[card:Title]] a smart link  [words](address)
@person  {status:Green|In use}  {date:2026-11-21}  {jira:RIV-12}  {anchor:name}  {sub:2}  {sup:3}  {profile:person}
:warning: and the other names in `EMOJI`
"""

import re
from collections.abc import Callable
from urllib.parse import quote_plus
from xml.sax.saxutils import escape

from confluence_emulator.sample.notation.writing import Writing, cdata, element, marker_ref

EMOJI = {
    "warning": ("26a0", "⚠️"),
    "check_mark": ("2714", "✔️"),
    "tada": ("1f389", "🎉"),
    "droplet": ("1f4a7", "💧"),
    "ocean": ("1f30a", "🌊"),
    "wave": ("1f44b", "👋"),
    "bulb": ("1f4a1", "💡"),
    "rotating_light": ("1f6a8", "🚨"),
    "satellite": ("1f6f0", "🛰️"),
    "palm_tree": ("1f334", "🌴"),
    "thumbsup": ("1f44d", "👍"),
    "coffee": ("2615", "☕"),
}

TOKEN = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\$(?P<maths>[^$\n]+)\$"
    r"|\[\[(?P<link>[^\]]+)\]\]"
    r"|\[(?P<words>[^\]]+)\]\((?P<address>[^)\s]+)\)"
    r"|\*\*(?P<strong>.+?)\*\*"
    r"|\*(?P<em>[^*\s][^*]*)\*"
    r"|~~(?P<struck>.+?)~~"
    r"|\(\((?P<marked>.+?)\)\)"
    r"|(?<![\w.])@(?P<person>[a-z]+(?:\.[a-z]+)*)"
    r"|\{(?P<macro>[a-z]+):(?P<value>[^{}]*)\}"
    r"|:(?P<emoji>[a-z_]+):"
)


def line(source: str, writing: Writing) -> str:
    """Storage format of one stretch of running text."""
    written, position = [], 0
    for match in TOKEN.finditer(source):
        written += [escape(source[position : match.start()]), _token(match, writing)]
        position = match.end()
    return "".join([*written, escape(source[position:])])


def page_link(name: str) -> str:
    """The `ri:page` behind `Title` or `KEY:Title`."""
    key, colon, title = name.partition(":")
    if colon and re.fullmatch(r"~?[A-Za-z0-9]+", key) and (key.isupper() or key.startswith("~")):
        return element("ri:page", {"ri:space-key": key, "ri:content-title": title})
    return element("ri:page", {"ri:content-title": name})


def mention(person: str, writing: Writing) -> str:
    """A link to a person."""
    return element("ac:link", content=element("ri:user", {"ri:account-id": writing.person(person)}))


def inline_macro(name: str, writing: Writing, parameters: dict[str, str]) -> str:
    """A macro without a body inside a line."""
    inner = "".join(element("ac:parameter", {"ac:name": key}, value) for key, value in parameters.items())
    return element("ac:structured-macro", _macro_attributes(name, writing), inner)


def _macro_attributes(name: str, writing: Writing) -> dict[str, str]:
    return {"ac:name": name, "ac:schema-version": "1", "ac:macro-id": writing.local_id()}


def _token(match: re.Match[str], writing: Writing) -> str:
    kind = match.lastgroup or ""
    if kind == "address":
        return element("a", {"href": match["address"]}, line(match["words"], writing))
    if kind == "value":
        return _macro(match["macro"], match["value"], writing)
    return _SIMPLE[kind](match[kind], writing)


def _wrapped(tag: str) -> Callable[[str, Writing], str]:
    return lambda inner, writing: element(tag, content=line(inner, writing))


def _marked(words: str, writing: Writing) -> str:
    ref = marker_ref(writing.space_key, writing.title, words)
    return element("ac:inline-comment-marker", {"ac:ref": ref}, line(words, writing))


def _emoji(name: str, _: Writing) -> str:
    if name not in EMOJI:
        return f":{name}:"
    code, character = EMOJI[name]
    attributes = {"ac:name": name, "ac:emoji-shortname": f":{name}:", "ac:emoji-id": code}
    return element("ac:emoticon", attributes | {"ac:emoji-fallback": character})


def _maths(formula: str, writing: Writing) -> str:
    return inline_macro("mathinline", writing, {"body": escape(formula)})


def _link(words: str, writing: Writing) -> str:
    target, _, shown = words.partition("|")
    scheme, colon, rest = target.partition(":")
    if colon and scheme == "card":
        return _card(rest, shown, writing)
    name, _, anchor = target.partition("#")
    attributes = {"ac:anchor": anchor} if anchor else {}
    body = element("ac:link-body", content=line(shown, writing)) if shown else ""
    return element("ac:link", attributes, _resource(name, writing) + body)


_SIMPLE: dict[str, Callable[[str, Writing], str]] = {
    "code": lambda words, _: element("code", content=escape(words)),
    "maths": _maths,
    "link": _link,
    "strong": _wrapped("strong"),
    "em": _wrapped("em"),
    "struck": _wrapped("s"),
    "marked": _marked,
    "person": mention,
    "emoji": _emoji,
}


def _resource(name: str, writing: Writing) -> str:
    if not name:
        return ""
    if name.startswith("^"):
        return attachment(name[1:])
    if name.startswith("~") and ":" not in name:
        return element("ri:space", {"ri:space-key": name[1:]})
    scheme, _, title = name.partition(":")
    if scheme == "id":
        return element("ri:content-entity", {"ri:content-id": writing.content_id(title)})
    if scheme == "blog":
        return _post_link(title, writing)
    writing.content_id(name)
    return page_link(name)


def attachment(name: str) -> str:
    """The `ri:attachment` behind `file` (of this page) or `file@KEY:Title`."""
    file, at, page = name.partition("@")
    return element("ri:attachment", {"ri:filename": file}, page_link(page) if at else "")


def _post_link(name: str, writing: Writing) -> str:
    key, colon, title = name.partition(":")
    attributes = {"ri:space-key": key} if colon and key.isupper() else {}
    shown = title if attributes else name
    day = writing.posting_day(name).strftime("%Y/%m/%d")
    return element("ri:blog-post", attributes | {"ri:content-title": shown, "ri:posting-day": day})


def _card(name: str, shown: str, writing: Writing) -> str:
    key, colon, title = name.partition(":")
    space, title = (key, title) if colon and key.isupper() else (writing.space_key, name)
    address = f"/wiki/spaces/{space}/pages/{writing.content_id(name)}/{quote_plus(title)}"
    return element("a", {"href": address, "data-card-appearance": "inline"}, escape(shown or title))


def _macro(name: str, value: str, writing: Writing) -> str:
    if name not in _MACROS:
        raise writing.wrong(f"no inline macro is called {name!r}")
    return _MACROS[name](value, writing)


def _status(value: str, writing: Writing) -> str:
    colour, _, title = value.partition("|")
    return inline_macro("status", writing, {"title": escape(title), "colour": colour})


_MACROS: dict[str, Callable[[str, Writing], str]] = {
    "status": _status,
    "date": lambda value, _: element("time", {"datetime": value}),
    "jira": lambda value, writing: inline_macro("jira", writing, {"server": "Larkspur Jira", "key": escape(value)}),
    "anchor": lambda value, writing: inline_macro("anchor", writing, {"": escape(value)}),
    "sub": lambda value, writing: element("sub", content=line(value, writing)),
    "sup": lambda value, writing: element("sup", content=line(value, writing)),
    "profile": lambda value, writing: inline_macro(
        "profile", writing, {"user": element("ri:user", {"ri:account-id": writing.person(value)})}
    ),
    "placeholder": lambda value, _: element("ac:placeholder", content=escape(value)),
}


def plain_body(value: str) -> str:
    """The body of a macro that takes text as it stands."""
    return element("ac:plain-text-body", content=cdata(value))
