"""Inline content as Markdown: escapes no more than needed, so that it renders to the same words and reads as text.

Emphasis whose asterisks CommonMark would not recognise where they stand is written as HTML (`<strong>`), which every
renderer of CommonMark takes.
"""

import re
from collections.abc import Callable
from html import escape as escape_html
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

from mainstem.convert import anchors, nodes
from mainstem.convert.links import shown
from mainstem.convert.plain import inline_text, visible
from mainstem.wiki.documents import AttachmentTarget, LinkResolver, UrlTarget

_SPECIAL_PARTS: Final = r"""
    \\(?=[!-/:-@\[-`{-~]|\s*$)           # a backslash that would escape what follows
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
    r"""^(?:
    [-+](?=[\s-]|$) | \#{1,6}(?=\s|$) | > | = | \| | :(?=[-|])
  | \[(?=[ xX]\](?:\s|$) | !(?!\[))                 # a task, or a callout: not a picture that is a link
  | (?P<number>[0-9]{1,9})[.)](?=\s|$)
    )""",
    re.VERBOSE,
)
_LONE_SIGN: Final = re.compile(r"^[*~](?=\s|$)|(?<=\s)[*~]$")
"""Means nothing between spaces, but beside the marks of a style, which leave those spaces outside, it would."""

_MARKS: Final = {"strong": "**", "em": "*", "s": "~~"}
_ASIDE: Final = "small"
"""Words beside others, such as a date beside a title: Markdown has no mark for them, and needs none."""

_UNFIT: Final = re.compile(r"[\\ <>()\n]|&(?=#?\w+;)")
_CODES: Final = {"\\": "%5C", " ": "%20", "<": "%3C", ">": "%3E", "(": "%28", ")": "%29", "\n": ""}
_AUTOLINK: Final = re.compile(r"https?://[^\s<>\x00-\x20]+")
ANCHOR: Final = "<a id="
_HARD_BREAK: Final = "\\\n"


def escape(text: str, special: re.Pattern[str] = _SPECIAL) -> str:
    """The text with a backslash before what Markdown would read as markup within a line."""
    shown_text = visible(text)
    return _MAYBE_SPECIAL.sub(
        lambda sign: f"\\{sign[0]}" if special.match(shown_text, sign.start()) else sign[0], shown_text
    )


def _escaped(text: str, *, in_label: bool) -> str:
    return escape(text, _SPECIAL_IN_LABEL if in_label else _SPECIAL)


def escape_line_starts(text: str) -> str:
    """Rendered lines with a backslash before what would begin a list, heading, quote, table or rule."""
    return "\n".join(map(_escaped_start, text.split("\n"))) if "\n" in text else _escaped_start(text)


def _escaped_start(line: str) -> str:
    found = _LINE_START.match(line)
    if not found:
        return line
    return f"{found['number'] or ''}\\{line[len(found['number'] or '') :]}"


_NO_STYLES: Final[frozenset[str]] = frozenset()


class _Line:
    """Rendered pieces of one stretch of inline content, and where among them styles await their marks.

    `styles` are those around it; in a link's label brackets are escaped and no further link begins.
    """

    __slots__ = ("in_label", "pieces", "styled", "styles")

    def __init__(self, *, in_label: bool, styles: frozenset[str]) -> None:
        self.in_label = in_label
        self.styles = styles
        self.pieces: list[str] = []
        self.styled: list[tuple[int, str]] = []

    def text(self, text: str) -> None:
        self.pieces.append(_escaped(text, in_label=self.in_label))

    def ends_with(self, sign: str) -> bool:
        return bool(self.pieces) and self.pieces[-1].endswith(sign)

    def done(self) -> str:
        """The whole stretch, each style marked, by its tag where marks would not work."""
        for index, style in self.styled:
            if style == _ASIDE:
                continue
            core = self.pieces[index]
            mark = _MARKS.get(style)
            before = next((piece[-1] for piece in reversed(self.pieces[:index]) if piece), " ")
            after = next((piece[0] for piece in islice(self.pieces, index + 1, None) if piece), " ")
            if mark and _opens(before, core[0]) and _opens(after, core[-1]):
                self.pieces[index] = f"{mark}{core}{mark}"
            else:
                self.pieces[index] = f"<{style}>{core}</{style}>"
        return "".join(self.pieces)


def _opens(outside: str, inside: str) -> bool:
    """Whether marks between these two characters are read as marks."""
    return outside in " \n" or (inside.isalnum() and outside not in "*~")


class InlineMarkdown:
    """Writes inline content for one document and one reader; `line_break` is what a break becomes."""

    __slots__ = ("_anchors", "line_break", "links")

    def __init__(self, document: nodes.Document, links: LinkResolver, line_break: str = _HARD_BREAK) -> None:
        self.links = links
        self.line_break = line_break
        self._anchors = document.anchors

    def line(self, content: tuple[nodes.Inline, ...]) -> str:
        """The content of one paragraph, cell or heading."""
        return self._rendered(content).strip(" ")

    def _rendered(
        self, content: tuple[nodes.Inline, ...], *, in_label: bool = False, styles: frozenset[str] = _NO_STYLES
    ) -> str:
        if len(content) == 1 and type(only := content[0]) is str:
            return _escaped(only, in_label=in_label)
        line = _Line(in_label=in_label, styles=styles)
        self._fill(line, content)
        return line.done()

    def _fill(self, line: _Line, content: tuple[nodes.Inline, ...]) -> None:
        for part in content:
            if type(part) is str:
                line.text(part)
            elif type(part) is nodes.Styled:
                self._styled(part, line)
            elif type(part) is nodes.Link:
                self._link(part, line)
            elif type(part) is nodes.CodeSpan:
                self._code(part, line)
            elif type(part) is nodes.UnknownSpan and part.content:
                self._fill(line, part.content)
            else:
                line.pieces.append(_PARTS[type(part)](self, part))

    def _styled(self, part: nodes.Styled, line: _Line) -> None:
        if part.style in line.styles:
            self._fill(line, part.content)
            return
        text = self._rendered(part.content, in_label=line.in_label, styles=line.styles | {part.style})
        if core := text.strip(" "):
            start = text.index(core[0])
            line.styled.append((len(line.pieces) + 1, part.style))
            line.pieces.extend((text[:start], _LONE_SIGN.sub(r"\\\g<0>", core), text[start + len(core) :]))
        else:
            line.pieces.append(text)

    def _link(self, link: nodes.Link, line: _Line) -> None:
        href, title = self._where(link)
        bare = not link.content or (type(link.target) is UrlTarget and link.content == (link.target.url,))
        content: tuple[nodes.Inline, ...] = (title or "…",) if bare else link.content
        if bare and href == title and not line.in_label and _AUTOLINK.fullmatch(href):
            line.pieces.append(f"<{href}>")
            return
        if not href or line.in_label:
            self._fill(line, content)
            return
        label = self._rendered(content, in_label=True, styles=line.styles)
        if line.ends_with("!"):
            line.pieces[-1] = f"{line.pieces[-1][:-1]}\\!"
        inside = label.strip(" ")
        if not inside:
            line.pieces.append(label)
            return
        before, _, after = label.partition(inside)
        line.pieces.extend((before, f"[{inside}]({_destination(href)})", after))

    def _code(self, part: nodes.CodeSpan, line: _Line) -> None:
        text = inline_text(part.content, self.links).replace("\n", " ")
        if not text.strip(" "):
            line.pieces.append(text)
        elif line.ends_with("`") or any(type(inner) is nodes.Link for inner in part.content):
            inside = self._rendered(part.content, in_label=line.in_label, styles=line.styles)
            line.pieces.append(f"<code>{inside}</code>")
        else:
            core = text.strip(" ")
            start = text.index(core[0])
            line.pieces.extend(filter(None, (text[:start], code_span(core), text[start + len(core) :])))

    def _where(self, link: nodes.Link) -> tuple[str, str]:
        if link.target is None:
            return f"#{anchors.find(self._anchors, link.anchor)}", link.anchor
        found = shown(link.target, self.links)
        if not found.href and isinstance(link.target, AttachmentTarget) and link.target.page is None:
            return quote(link.target.filename), found.title
        return found.href, found.title or "linked page"

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


def code_span(text: str) -> str:
    """The text as inline code, whatever backticks it holds."""
    if "`" not in text:
        return f"`{text}`"
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
    return _UNFIT.sub(lambda sign: _CODES.get(sign[0], "&amp;"), href)


def _quoted(title: str) -> str:
    return escape(" ".join(title.split()), _SPECIAL_IN_LABEL).replace('"', '\\"')


_PARTS: Final[dict[type, Callable[[InlineMarkdown, Any], str]]] = {
    nodes.Break: lambda emitter, _: emitter.line_break,
    nodes.Image: InlineMarkdown.image,
    nodes.Mention: InlineMarkdown.mention,
    nodes.Status: lambda _, part: code_span(part.title),
    nodes.Date: lambda _, part: escape(part.iso),
    nodes.Emoji: lambda _, part: escape(part.text),
    nodes.Anchor: lambda _, part: f'{ANCHOR}"{escape_html(part.id)}"></a>',
    nodes.Issue: InlineMarkdown.issue,
    nodes.Formula: lambda _, part: f"${code_span(part.tex)}$",
    nodes.Diagram: InlineMarkdown.diagram,
    nodes.Placeholder: lambda _, part: placeholder(f"macro: {part.macro}", part.title),
    nodes.UnknownSpan: lambda _, part: "" if part.tag.startswith("{") else placeholder(part.tag, ""),
}
