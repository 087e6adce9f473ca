"""Inline content as Markdown: escapes no more than needed, so that it renders to the same words and reads as text.

Emphasis whose asterisks CommonMark would not recognise where they stand is written as HTML (`<strong>`), which every
renderer of CommonMark takes.
"""

import re
from collections.abc import Callable
from html import escape as escape_html
from typing import Any, Final
from urllib.parse import quote

from mainstem.convert import anchors, nodes
from mainstem.convert.links import shown
from mainstem.convert.plain import inline_text
from mainstem.wiki.documents import AttachmentTarget, LinkResolver, UrlTarget

_SPECIAL_PARTS: Final = r"""
    \\(?=[!-/:-@\[-`{-~]|$)           # a backslash that would escape what follows
  | `
  | \*(?!\s) | (?<!\s)\*              # an asterisk that touches a word
  | (?<![^\W_])_ | _(?![^\W_])        # an underscore that is not inside a word
  | <(?=[A-Za-z/!?])
  | &(?=\#?\w+;)
  | (?<!\s)~ | ~(?=~)
"""
_SPECIAL: Final = re.compile(_SPECIAL_PARTS + r"| \](?=[(\[:]|$)", re.VERBOSE)
_SPECIAL_IN_LABEL: Final = re.compile(_SPECIAL_PARTS + r"| [\[\]]", re.VERBOSE)
_MAYBE_SPECIAL: Final = re.compile(r"[\\`*_<&~\[\]]")
_LINE_START: Final = re.compile(
    r"^(?:[-+](?=[\s-]|$)|\#{1,6}(?=\s|$)|>|=|\||:(?=[-|])|\[(?=[ xX]\](?:\s|$)|!)|(?P<number>[0-9]{1,9})[.)](?=\s|$))",
    re.MULTILINE,
)
_INVISIBLE: Final = str.maketrans({"\xa0": " ", "\u2007": " ", "\u202f": " ", "\xad": "", "\u200b": "", "\ufeff": ""})
_MARKS: Final = {"strong": "**", "em": "*", "s": "~~"}
_HARD_BREAK: Final = "\\\n"


def escape(text: str, special: re.Pattern[str] = _SPECIAL) -> str:
    """The text with a backslash before what Markdown would read as markup within a line."""
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    return special.sub(r"\\\g<0>", text) if _MAYBE_SPECIAL.search(text) else text


def escape_line_starts(text: str) -> str:
    """Rendered lines with a backslash before what would begin a list, heading, quote, table or rule."""
    return _LINE_START.sub(_escaped_start, text)


def _escaped_start(found: re.Match[str]) -> str:
    return f"{found['number']}\\{found[0][-1]}" if found["number"] else f"\\{found[0]}"


class InlineMarkdown:
    """Writes inline content for one document and one reader; `line_break` is what a break becomes."""

    __slots__ = ("_anchors", "line_break", "links")

    def __init__(self, document: nodes.Document, links: LinkResolver, line_break: str = _HARD_BREAK) -> None:
        self.links = links
        self.line_break = line_break
        self._anchors = document.anchors

    def line(self, content: tuple[nodes.Inline, ...]) -> str:
        """The content of one paragraph, cell or heading."""
        if len(content) == 1 and type(only := content[0]) is str:
            return escape(only).strip(" ")
        return self._pieces(content, _SPECIAL, "").strip(" ")

    def _pieces(self, content: tuple[nodes.Inline, ...], special: re.Pattern[str], styles: str) -> str:
        pieces: list[str] = []
        styled: list[tuple[int, str]] = []
        for part in content:
            if type(part) is str:
                pieces.append(escape(part, special))
            elif type(part) is nodes.Styled:
                self._styled(part, pieces, styled, special, styles)
            elif type(part) is nodes.Link:
                self._link(part, pieces, special, styles)
            else:
                pieces.append(_PARTS[type(part)](self, part))
        if styled:
            _mark(pieces, styled)
        return "".join(pieces)

    def _styled(
        self,
        part: nodes.Styled,
        pieces: list[str],
        styled: list[tuple[int, str]],
        special: re.Pattern[str],
        styles: str,
    ) -> None:
        text = self._pieces(part.content, special, f"{styles} {part.style}")
        core = text.strip(" ")
        if not core or part.style in styles.split():
            pieces.append(text)
            return
        start = text.index(core[0])
        pieces.append(text[:start])
        styled.append((len(pieces), part.style))
        pieces.append(core)
        pieces.append(text[start + len(core) :])

    def _link(self, link: nodes.Link, pieces: list[str], special: re.Pattern[str], styles: str) -> None:
        href, title = self._where(link)
        bare = not link.content or (type(link.target) is UrlTarget and link.content == (link.target.url,))
        if bare and href == title and href.startswith(("https://", "http://")) and " " not in href and "<" not in href:
            pieces.append(f"<{href}>")
            return
        if not href:
            pieces.append(self._pieces(link.content, special, styles) if link.content else escape(title, special))
            return
        label = (
            escape(title or "…", _SPECIAL_IN_LABEL) if bare else self._pieces(link.content, _SPECIAL_IN_LABEL, styles)
        )
        if pieces and pieces[-1].endswith("!"):
            pieces[-1] = f"{pieces[-1][:-1]}\\!"
        inside = label.strip(" ")
        if special is _SPECIAL_IN_LABEL or not inside:
            pieces.append(label)
        else:
            before, _, after = label.partition(inside)
            pieces.append(f"{before}[{inside}]({_destination(href)}){after}")

    def _where(self, link: nodes.Link) -> tuple[str, str]:
        if link.target is None:
            return f"#{anchors.find(self._anchors, link.anchor)}", link.anchor
        found = shown(link.target, self.links)
        if not found.href and isinstance(link.target, AttachmentTarget) and link.target.page is None:
            return quote(link.target.filename), found.title
        return found.href, found.title or "linked page"

    def code(self, part: nodes.CodeSpan) -> str:
        if any(type(inner) is nodes.Link for inner in part.content):
            return f"<code>{self._pieces(part.content, _SPECIAL, '')}</code>"
        return code_span(inline_text(part.content, self.links).replace("\n", " "))

    def image(self, part: nodes.Image) -> str:
        found = shown(part.target, self.links) if part.target else None
        href = found.href if found else ""
        if not href and isinstance(part.target, AttachmentTarget):
            href = quote(part.target.filename)
        label = escape(part.alt or (found.title if found else "") or part.title, _SPECIAL_IN_LABEL)
        title = f' "{_quoted(part.title)}"' if part.title else ""
        picture = f"![{label}]({_destination(href)}{title})" if href else label
        if part.link and (where := shown(part.link, self.links).href):
            picture = f"[{picture}]({_destination(where)})"
        return f"{picture}{self.line_break}{self.line(part.caption)}" if part.caption else picture

    def mention(self, part: nodes.Mention) -> str:
        found = shown(part.person, self.links)
        name = escape(f"@{found.title or part.name or 'someone'}", _SPECIAL_IN_LABEL)
        return f"[{name}]({_destination(found.href)})" if found.href else name

    def issue(self, part: nodes.Issue) -> str:
        return escape(f"{part.key} {part.summary}".strip())

    def diagram(self, part: nodes.Diagram) -> str:
        found = shown(part.preview, self.links) if part.preview else None
        if found and found.href:
            return f"![{escape(part.name, _SPECIAL_IN_LABEL)}]({_destination(found.href)})"
        return placeholder(part.tool, part.name)

    def unknown(self, part: nodes.UnknownSpan) -> str:
        if part.content:
            return self._pieces(part.content, _SPECIAL, "")
        return "" if part.tag.startswith("{") else placeholder(part.tag, "")


def _mark(pieces: list[str], styled: list[tuple[int, str]]) -> None:
    """Put the marks of a style around its pieces, or its tag where marks would not work."""
    for index, style in styled:
        core = pieces[index]
        mark = _MARKS.get(style)
        before = next((piece[-1] for piece in reversed(pieces[:index]) if piece), " ")
        after = next((piece[0] for piece in pieces[index + 1 :] if piece), " ")
        if mark and _opens(before, core[0]) and _opens(after, core[-1]):
            pieces[index] = f"{mark}{core}{mark}"
        else:
            pieces[index] = f"<{style}>{core}</{style}>"


def _opens(outside: str, inside: str) -> bool:
    """Whether marks between these two characters are read as marks."""
    return outside in " \n" or (inside.isalnum() and outside not in "*~")


def code_span(text: str) -> str:
    """The text as inline code, whatever backticks it holds."""
    if "`" not in text:
        return f"`{text}`" if text.strip(" ") else text
    fence = "`" * (longest_run(text) + 1)
    return f"{fence} {text} {fence}"


def longest_run(text: str) -> int:
    """The length of the longest run of backticks."""
    return max(map(len, re.findall("`+", text)), default=0)


def placeholder(name: str, title: str) -> str:
    """What stands for something that is not here."""
    return f"\\[{escape(f'{name}: {title}' if title else name, _SPECIAL_IN_LABEL)}\\]"


def _destination(href: str) -> str:
    """An address inside a link's parentheses."""
    for sign, code in (("\\", "%5C"), (" ", "%20"), ("<", "%3C"), (">", "%3E"), ("(", "%28"), (")", "%29"), ("\n", "")):
        href = href.replace(sign, code)
    return re.sub(r"&(?=#?\w+;)", "&amp;", href)


def _quoted(title: str) -> str:
    return escape(" ".join(title.split()), _SPECIAL_IN_LABEL).replace('"', '\\"')


_PARTS: Final[dict[type, Callable[[InlineMarkdown, Any], str]]] = {
    nodes.Break: lambda emitter, _: emitter.line_break,
    nodes.CodeSpan: InlineMarkdown.code,
    nodes.Image: InlineMarkdown.image,
    nodes.Mention: InlineMarkdown.mention,
    nodes.Status: lambda _, part: code_span(part.title),
    nodes.Date: lambda _, part: escape(part.iso),
    nodes.Emoji: lambda _, part: escape(part.text),
    nodes.Anchor: lambda _, part: f'<a id="{escape_html(part.id)}"></a>',
    nodes.Issue: InlineMarkdown.issue,
    nodes.Formula: lambda _, part: f"${code_span(part.tex)}$",
    nodes.Diagram: InlineMarkdown.diagram,
    nodes.Placeholder: lambda _, part: placeholder(f"macro: {part.macro}", part.title),
    nodes.UnknownSpan: InlineMarkdown.unknown,
}
