"""What each macro becomes: a plain dict from the macro's storage name to a small handler.

To add one: write a function that takes a `Macro` and the flow, enter it in `MACROS`, add an example to the tests. A
macro without an entry keeps its text and leaves a placeholder that names it. Parameters never become text, except
those that a reader of the page sees, such as titles.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from urllib.parse import unquote

from lxml.etree import _Element as Element

from mainstem.convert import links, nodes
from mainstem.convert.flow import Flow, blocks_of, read, walk
from mainstem.wiki.documents import AttachmentTarget, ContentTarget, PageTarget, UrlTarget

_NO_PARAMETERS: Final[Mapping[str, Element]] = {}


@dataclass(frozen=True, slots=True)
class Macro:
    """One use of a macro as stored; `parameters` by name, the nameless one under ""."""

    name: str
    parameters: Mapping[str, Element]
    rich: Element | None
    plain: str | None

    def text(self, *names: str) -> str:
        """The text of the first of these parameters that has any, else ""."""
        for name in names:
            parameter = self.parameters.get(name)
            if parameter is not None and (text := "".join(parameter.itertext()).strip()):
                return text
        return ""


MacroHandler: TypeAlias = Callable[[Macro, Flow], None]


def macro(element: Element, flow: Flow) -> None:
    """`ac:structured-macro` and the old `ac:macro`."""
    name = element.get("{ac}name") or element.get("name") or ""
    parameters: dict[str, Element] = {}
    rich: Element | None = None
    plain: str | None = None
    stray: list[Element | str] = [element.text] if element.text else []
    for child in element:
        tag = child.tag
        if tag == "{ac}parameter":
            parameters.setdefault(child.get("{ac}name") or "", child)
        elif tag == "{ac}rich-text-body":
            rich = child
        elif tag == "{ac}plain-text-body":
            plain = "".join(child.itertext()) if len(child) else child.text or ""
        elif tag == "{ac}default-parameter":
            parameters[""] = child
        else:
            stray.append(child)
        if tail := child.tail:
            stray.append(tail)
    # The editor gives a layout only to macros that are blocks of their own.
    alone = element.get("data-layout") is not None
    if alone:
        flow.close()
    MACROS.get(name.lower(), _unknown)(Macro(name, parameters or _NO_PARAMETERS, rich, plain), flow)
    _keep(stray, flow)
    if alone:
        flow.close()


def _keep(stray: list[Element | str], flow: Flow) -> None:
    """What stands in a macro but in none of its bodies, against the format's rules: read all the same."""
    for part in stray:
        if not isinstance(part, str):
            read(part, flow)
        elif part.strip():
            flow.text(f" {part} ")


def _body(macro: Macro, flow: Flow) -> tuple[nodes.Block, ...]:
    if macro.rich is not None:
        return blocks_of(macro.rich, flow)
    return (nodes.Code(macro.plain),) if macro.plain and macro.plain.strip() else ()


def _placeholder(macro: Macro, flow: Flow) -> None:
    """Name a macro whose output is not here."""
    parameters = tuple((name, macro.text(name)) for name in macro.parameters)
    flow.run.append(nodes.Placeholder(macro.name, _title(macro), parameters))


def _title(macro: Macro) -> str:
    return macro.text("title", "Title", "label", "heading")


def _unknown(macro: Macro, flow: Flow) -> None:
    _placeholder(macro, flow)
    if macro.rich is not None:
        walk(macro.rich, flow)
    if macro.plain and macro.plain.strip():
        flow.block(nodes.Code(macro.plain))


def _dropped(_macro: Macro, flow: Flow) -> None:
    """Decoration, or what the hub shows in a way of its own (a table of contents); it parts words all the same."""
    flow.run.append(" ")


def _transparent(macro: Macro, flow: Flow) -> None:
    """A container: its title, if readers see one, then its content."""
    if title := _title(macro):
        flow.block(nodes.Paragraph((nodes.Styled("strong", (title,)),)))
    _silent(macro, flow)


def _silent(macro: Macro, flow: Flow) -> None:
    """A container without a title."""
    if macro.rich is not None:
        walk(macro.rich, flow)
    if macro.plain and macro.plain.strip():
        flow.block(nodes.Code(macro.plain))


def _code(macro: Macro, flow: Flow) -> None:
    text = macro.plain
    if text is None:
        text = "" if macro.rich is None else "".join(macro.rich.itertext())
    flow.block(nodes.Code(text, macro.text("language", "lang", ""), macro.text("title")))


def _source(language: str) -> MacroHandler:
    """A text that another tool draws or sets: shown as code of that language."""

    def handler(macro: Macro, flow: Flow) -> None:
        if macro.plain and macro.plain.strip():
            flow.block(nodes.Code(macro.plain, language, macro.text("title")))
        elif macro.rich is not None:
            walk(macro.rich, flow)
        else:
            _diagram(macro, flow)

    return handler


def _diagram(macro: Macro, flow: Flow) -> None:
    name = macro.text("diagramDisplayName", "diagramName", "name", "filename", "title")
    preview = AttachmentTarget(f"{name}.png") if name else None
    flow.run.append(nodes.Diagram(macro.name, name, preview))
    _silent(macro, flow)


def _panel(macro: Macro, flow: Flow) -> None:
    flow.block(nodes.Panel(macro.name.lower(), macro.text("title"), _body(macro, flow)))


def _message(macro: Macro, flow: Flow) -> None:
    kind = macro.text("type").lower()
    kind = kind if kind in ("info", "note", "tip", "warning", "error", "success") else "info"
    flow.block(nodes.Panel(kind, _title(macro), _body(macro, flow)))


def _expand(macro: Macro, flow: Flow) -> None:
    flow.block(nodes.Expand(_title(macro), _body(macro, flow)))


def _status(macro: Macro, flow: Flow) -> None:
    colour = macro.text("colour", "color")
    if title := macro.text("title") or colour:
        flow.run.append(nodes.Status(title, colour.lower()))


def _jira(macro: Macro, flow: Flow) -> None:
    if key := macro.text("key"):
        flow.run.append(nodes.Issue(key, macro.text("summary")))
    else:
        _placeholder(macro, flow)


def _anchor(macro: Macro, flow: Flow) -> None:
    if name := macro.text("", "anchor", "name"):
        flow.run.append(nodes.Anchor(flow.reading.ids.give(name)))


def _target(macro: Macro) -> PageTarget | ContentTarget | None:
    """The page that a parameter names, as `ri:page`, in a link, or as plain text `SPACE:Title`."""
    for parameter in macro.parameters.values():
        for element in parameter.iter("{ri}page", "{ri}blog-post", "{ri}content-entity"):
            target = links.target_of(element)
            if isinstance(target, PageTarget | ContentTarget):
                return target
    written = macro.text("", "page", "pageTitle", "page-title")
    space, colon, title = written.partition(":")
    if colon and space.isalnum() and title:
        return PageTarget(title, space)
    return PageTarget(written) if written else None


def _include(excerpt: bool) -> MacroHandler:  # noqa: FBT001
    def handler(macro: Macro, flow: Flow) -> None:
        target = _target(macro)
        if target is None:
            _placeholder(macro, flow)
            return
        flow.reading.links[target] = None
        name = macro.text("name", "MultiExcerptName", "shared-block-key") if excerpt else None
        flow.block(nodes.Include(target, name))

    return handler


def _excerpt(macro: Macro, flow: Flow) -> None:
    name = macro.text("name", "MultiExcerptName", "shared-block-key")
    hidden = macro.text("hidden") == "true"
    blocks = _body(macro, flow)
    inline = macro.text("atlassian-macro-output-type").upper() == "INLINE"
    if inline and not hidden and len(blocks) == 1 and isinstance(blocks[0], nodes.Paragraph):
        flow.run.extend(blocks[0].content)
    elif blocks:
        flow.block(nodes.Excerpt(name, hidden, blocks))


def _columns(macro: Macro, flow: Flow) -> None:
    """`section`: its `column`s side by side, anything else as it comes."""
    if macro.rich is None:
        return
    flow.close()
    columns: list[tuple[nodes.Block, ...]] = []
    rest = flow.inner()
    for child in macro.rich:
        if child.get("{ac}name") == "column":
            inner = flow.inner()
            flow.reading.elements[str(child.tag)](child, inner)
            columns.append(inner.done())
    if len(columns) > 1 and len(columns) == len(macro.rich):
        flow.blocks.append(nodes.Columns(tuple(columns)))
    else:
        walk(macro.rich, rest)
        flow.blocks.extend(rest.done())


def _file(macro: Macro, flow: Flow) -> None:
    """`view-file` and its kin: a link to the attachment."""
    filename, page = "", _page_of(macro)
    for parameter in macro.parameters.values():
        for element in parameter.iter("{ri}attachment"):
            found = links.target_of(element)
            if isinstance(found, AttachmentTarget):
                filename, page = found.filename, found.page or page
    filename = filename or macro.text("name", "file", "filename", "attachment")
    if not filename:
        _placeholder(macro, flow)
        return
    target = AttachmentTarget(filename, page)
    flow.reading.links[target] = None
    flow.run.append(nodes.Link(target))


def _page_of(macro: Macro) -> PageTarget | ContentTarget | None:
    return (
        _target(replace(macro, parameters={"page": macro.parameters["page"]})) if "page" in macro.parameters else None
    )


def _profile(macro: Macro, flow: Flow) -> None:
    for parameter in macro.parameters.values():
        for element in parameter.iter("{ri}user"):
            links.mention(element, flow)
            return
    _placeholder(macro, flow)


def _address(macro: Macro, flow: Flow) -> None:
    """`widget`, `iframe` and the like: a link to what they embed."""
    url = macro.text("url", "src", "location", "redirectTo")
    for parameter in macro.parameters.values():
        for element in parameter.iter("{ri}url"):
            url = element.get("{ri}value") or url
    if not url:
        _placeholder(macro, flow)
        return
    target = UrlTarget(url)
    flow.reading.links[target] = None
    flow.run.append(nodes.Link(target, (title,) if (title := _title(macro)) else ()))


def _formula(display: bool) -> MacroHandler:  # noqa: FBT001
    def handler(macro: Macro, flow: Flow) -> None:
        tex = (macro.plain or macro.text("body", "equation", "formula", "")).strip()
        if tex:
            flow.run.append(nodes.Formula(tex, display))

    return handler


def _properties(macro: Macro, flow: Flow) -> None:
    properties = nodes.Properties(macro.text("hidden") == "true", _body(macro, flow))
    flow.reading.properties.append(properties)
    flow.block(properties)


def _decision(macro: Macro, flow: Flow) -> None:
    """A decision box of a marketplace app."""
    flow.block(nodes.Panel("note", _title(macro), _body(macro, flow)))


def _roadmap(macro: Macro, flow: Flow) -> None:
    _placeholder(macro, flow)
    placeholder = flow.run.pop()
    if isinstance(placeholder, nodes.Placeholder):
        flow.run.append(replace(placeholder, title=unquote(placeholder.title).replace("+", " ")))


def _date(macro: Macro, flow: Flow) -> None:
    if written := macro.text("", "date"):
        flow.run.append(nodes.Date(written))


def _words(macro: Macro, flow: Flow) -> None:
    """A tooltip or a button: the words it shows are a parameter."""
    if text := macro.text("text", "linkText", "title"):
        flow.run.append(text)
    _silent(macro, flow)


_TRANSPARENT: Final = (
    *("ui-tabs", "ui-tab", "auitabs", "auitabspage", "deck", "card", "ui-steps", "ui-step", "ui-text-box", "tab"),
    *("tabs", "tab-group", "tab-pane", "localtabgroup", "localtab", "chart", "table-chart", "table-filter", "gallery"),
    *("pivot-table", "table-joiner", "tableenhancer", "table-plus", "table-transformer", "aura-tab", "aura-card"),
    *("aura-tab-collection", "aura-panel", "aura-background", "auihorizontalnav", "auihorizontalnavpage"),
    *("scroll-title", "legend", "cloak", "numberedheadings", "footnote", "card-group"),
)
_SILENT: Final = (
    *("toc-zone", "column", "scroll-ignore", "scroll-only", "scroll-ignore-inline", "scroll-only-inline", "div"),
    *("scroll-portrait", "scroll-landscape", "scroll-content-block", "scroll-tablelayout", "scroll-pdf-ignore"),
    *("scroll-pdf-only", "scroll-html-only", "sv-translation", "sv-block", "show-if", "hide-if", "center", "bgcolor"),
    *("span", "align", "indent", "clickable", "lozenge", "auibuttongroup", "convertedtoblock", "highlight", "color"),
    *("strike", "rw-highlight", "column-layout", "hidden-content"),
)
_DROPPED: Final = (
    *("toc", "style", "scroll-pagebreak", "pagebreak", "viewtracker", "floatmenu", "livesearch", "search"),
    *("pagetreesearch", "create-from-template", "create-space-button", "spacejump", "scroll-exportbutton"),
    *("scroll-bookmark", "scroll-pagetitle", "easy-heading-free", "easy-heading-macro", "clear", "bookmark-toolbar"),
)
_LANGUAGES: Final = {
    **dict.fromkeys(("plantuml", "plantumlrender", "plantumlcloud", "plantuml-macro"), "plantuml"),
    **dict.fromkeys(("mermaid", "mermaid-macro", "mermaid-cloud", "mermaiddiagram"), "mermaid"),
    **dict.fromkeys(("graphviz", "digraph", "flowchart", "dot"), "dot"),
    **dict.fromkeys(("zenuml", "zenuml-sequence-macro", "zenuml-sequence-macro-lite"), "zenuml"),
    **dict.fromkeys(("markdown", "markdown-macro"), "markdown"),
    **dict.fromkeys(("html", "html-bobswift", "html-macro"), "html"),
    **dict.fromkeys(("openapi", "open-api", "swagger-open-api", "confluence-open-api"), "yaml"),
    "sql": "sql",
}

MACROS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(_TRANSPARENT, _transparent),
    **dict.fromkeys(_SILENT, _silent),
    **dict.fromkeys(_DROPPED, _dropped),
    **{name: _source(language) for name, language in _LANGUAGES.items()},
    **dict.fromkeys(("code", "noformat", "paste-code-macro", "code-block", "codeblock", "preformatted"), _code),
    **dict.fromkeys(("info", "note", "tip", "warning", "panel", "success", "error"), _panel),
    **dict.fromkeys(("alert", "auimessage", "message-box", "ui-message"), _message),
    **dict.fromkeys(("expand", "ui-expand", "expand-macro", "aura-accordion", "spoiler"), _expand),
    **dict.fromkeys(("drawio", "inc-drawio", "drawio-sketch", "gliffy", "lucidchart", "balsamiq-mockup"), _diagram),
    **dict.fromkeys(("jira", "jiraissues", "jira-issue"), _jira),
    **dict.fromkeys(("excerpt", "multiexcerpt", "multiexcerpt-macro", "shared-block"), _excerpt),
    **dict.fromkeys(("include", "include-page", "page-include"), _include(excerpt=False)),
    **dict.fromkeys(
        ("excerpt-include", "multiexcerpt-include", "multiexcerpt-include-macro", "include-shared-block"),
        _include(excerpt=True),
    ),
    **dict.fromkeys(("view-file", "viewdoc", "viewxls", "viewppt", "viewpdf", "multimedia", "pdf"), _file),
    **dict.fromkeys(("profile", "profile-picture"), _profile),
    **dict.fromkeys(("widget", "iframe", "html-include", "rss", "redirect", "viewport-url-redirect"), _address),
    **dict.fromkeys(
        ("mathblock", "latex", "easy-math-block", "eazy-math-block", "latexmath", "math"), _formula(display=True)
    ),
    **dict.fromkeys(
        ("mathinline", "easy-math-inline", "eazy-math-inline", "latexinline", "unit"), _formula(display=False)
    ),
    **dict.fromkeys(("roadmap", "roadmap-planner"), _roadmap),
    **dict.fromkeys(("tooltip", "cfm-tooltip", "ui-button", "auibutton", "cfm-footnote"), _words),
    "status": _status,
    "anchor": _anchor,
    "section": _columns,
    "details": _properties,
    "decision": _decision,
    "date": _date,
}
