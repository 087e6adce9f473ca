"""Macros and the other `ac:` blocks: what has a rich body, a plain one, or none."""

import re
import shlex
from xml.sax.saxutils import escape

from confluence_emulator.sample.notation.inline import attachment, line, page_link, plain_body
from confluence_emulator.sample.notation.writing import Writing, element

UNNAMED = {("include", "page"), ("excerpt-include", "page")}
"""Parameters that Confluence stores without a name."""

LANGUAGES = frozenset(
    (
        "bash",
        "c",
        "cpp",
        "diff",
        "dockerfile",
        "go",
        "hcl",
        "http",
        "ini",
        "java",
        "javascript",
        "json",
        "promql",
        "protobuf",
        "python",
        "rust",
        "sql",
        "text",
        "toml",
        "typescript",
        "xml",
        "yaml",
    )
)
"""What opens a code block; any other word after the fence is the name of a macro with a plain body."""


def words(source: str) -> list[str]:
    """The words of an opening line; double quotes hold blanks together, an apostrophe is a letter."""
    lexer = shlex.shlex(source, posix=True)
    lexer.quotes, lexer.commenters, lexer.whitespace_split = '"', "", True
    return list(lexer)


def parameters(given: list[str]) -> dict[str, str]:
    """`key=value` words by key; the words that are none make the title."""
    named = dict(word.split("=", 1) for word in given if re.match(r"[\w-]+=", word))
    title = " ".join(word for word in given if not re.match(r"[\w-]+=", word))
    return named | ({"title": title} if title else {})


def rich(name: str, given: dict[str, str], inner: str, writing: Writing) -> str:
    """A block around other blocks."""
    if name == "layout":
        return element("ac:layout", content=inner)
    if name == "row":
        return element("ac:layout-section", {"ac:type": given["title"], "ac:breakout-mode": "default"}, inner)
    if name == "cell":
        return element("ac:layout-cell", content=inner)
    body = element("ac:rich-text-body", content=inner or "<p />")
    if name == "old":
        return _old_macro(given, body)
    return structured(name, given, body, writing)


def _old_macro(given: dict[str, str], body: str) -> str:
    """The shape that pages migrated from Confluence 3 still have."""
    inner = "".join(
        element("ac:parameter", {"ac:name": key}, escape(value)) for key, value in given.items() if key != "macro"
    )
    return element("ac:macro", {"ac:name": given["macro"]}, inner + body)


def plain(name: str, given: dict[str, str], body: str, writing: Writing) -> str:
    """A code block, another macro with a plain body, or storage format as it stands."""
    if name == "storage":
        return body
    if name in LANGUAGES:
        return structured("code", {"language": name} | given, plain_body(body), writing)
    return structured(name, given, plain_body(body), writing)


def bodiless(name: str, given: dict[str, str], writing: Writing) -> str:
    """A macro that stands for something Confluence computes or fetches."""
    return structured(name, given, "", writing)


def structured(name: str, given: dict[str, str], body: str, writing: Writing) -> str:
    """An `ac:structured-macro`."""
    attributes = {"ac:name": name, "ac:schema-version": "1", "ac:macro-id": writing.local_id()}
    inner = "".join(_parameter(name, key, value, writing) for key, value in given.items())
    return element("ac:structured-macro", attributes, inner + body)


def _parameter(macro: str, key: str, value: str, writing: Writing) -> str:
    stored = "" if (macro, key) in UNNAMED else {"file": "name", "person": "user"}.get(key, key)
    return element("ac:parameter", {"ac:name": stored}, _value(key, value, writing))


def _value(key: str, value: str, writing: Writing) -> str:
    if key == "page":
        writing.content_id(value)
        return element("ac:link", content=page_link(value))
    if key == "file":
        return attachment(value)
    if key == "person":
        return element("ri:user", {"ri:account-id": writing.person(value)})
    return escape(value)


def task(words: str, writing: Writing, *, done: bool) -> str:
    """One task; the first mention is the assignee, the first date the due day."""
    number = element("ac:task-id", content=str(next(writing.numbers)))
    state = element("ac:task-status", content="complete" if done else "incomplete")
    body = element("ac:task-body", content=element("span", content=line(words, writing)))
    return element("ac:task", content=number + state + body)


def decisions(items: list[str], writing: Writing) -> str:
    """A list of decisions, which storage format knows only as an extension with a fallback."""
    nodes = "".join(_decision(item, writing) for item in items)
    fallback = element("ul", {"class": "decision-list"}, "".join(_plain_item(item, writing) for item in items))
    node = element("ac:adf-node", {"type": "decision-list"}, _local_id(writing) + nodes)
    return element("ac:adf-extension", content=node + element("ac:adf-fallback", content=fallback))


def _decision(words: str, writing: Writing) -> str:
    state = element("ac:adf-attribute", {"key": "state"}, "DECIDED")
    content = element("ac:adf-content", content=line(words, writing))
    return element("ac:adf-node", {"type": "decision-item"}, _local_id(writing) + state + content)


def _plain_item(words: str, writing: Writing) -> str:
    return element("li", content=line(words, writing))


def _local_id(writing: Writing) -> str:
    return element("ac:adf-attribute", {"key": "local-id"}, writing.local_id())
