"""Files and addresses that a page embeds: pictures as pictures, anything else as links."""

from dataclasses import replace
from typing import Final

from mainstem.convert import links, nodes
from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler, linked_page, lost, page_of, placeholder, title_of
from mainstem.convert.macros.wrappers import silent
from mainstem.wiki.documents import AttachmentTarget, ContentTarget, PageTarget, Target, UrlTarget
from mainstem.wiki.macros import Reason


def _file(macro: Macro, flow: Flow) -> None:
    """`view-file` and its kin: a link to each attachment they name, else to the address."""
    files = _files(macro)
    if not files:
        _address(macro, flow)
        return
    lost(macro, flow, Reason.EMBEDDED)
    title = title_of(macro) if len(files) == 1 else ""
    for number, target in enumerate(files):
        if number:
            flow.run.append(" ")
        links.remember(target, flow)
        flow.run.append(nodes.Link(target, (title,) if title else ()))


def _files(macro: Macro) -> list[AttachmentTarget]:
    page = _page_of(macro)
    found = [
        links.target_of(element)
        for parameter in macro.parameters.values()
        for element in parameter.iter("{ri}attachment")
    ]
    files = [replace(each, page=each.page or page) for each in found if isinstance(each, AttachmentTarget)]
    if not files and (filename := macro.text("name", "file", "filename", "attachment")):
        files.append(AttachmentTarget(filename, page))
    return files


def _page_of(macro: Macro) -> PageTarget | ContentTarget | None:
    if "page" not in macro.parameters:
        return None
    return page_of(replace(macro, parameters={"page": macro.parameters["page"]}))


def _address(macro: Macro, flow: Flow) -> None:
    """`widget`, `iframe` and the like: a link to what they embed."""
    target = _embedded(macro)
    if target is None:
        placeholder(macro, flow)
    else:
        lost(macro, flow, Reason.EMBEDDED)
        links.remember(target, flow)
        flow.run.append(nodes.Link(target, (title,) if (title := title_of(macro)) else ()))
    silent(macro, flow)


def _embedded(macro: Macro) -> Target | None:
    for parameter in macro.parameters.values():
        for element in parameter.iter("{ri}url"):
            if target := links.target_of(element):
                return target
    url = macro.text("url", "src", "location", "redirectTo", "accessLink", "link", "href", "embedUrl", "documentUrl")
    return UrlTarget(url) if url else linked_page(macro)


def _picture(macro: Macro, flow: Flow) -> None:
    """An image as a macro, from an attachment or an address."""
    target = next(iter(_files(macro)), None) or _embedded(macro)
    alt, title = macro.text("alt"), macro.text("title")
    if target is None:
        placeholder(macro, flow)
        return
    links.remember(target, flow)
    flow.run.append(nodes.Image(target, alt, title, macro.text("width"), macro.text("height")))


_FILES: Final = (
    *("view-file", "viewdoc", "viewxls", "viewppt", "viewpdf", "multimedia", "pdf", "pdf-viewer", "video", "audio"),
    *("excel", "slideshow"),
)
_ADDRESSES: Final = (
    *("widget", "iframe", "html-include", "rss", "redirect", "viewport-url-redirect", "viewport-redirect", "embed"),
    *("youtube", "vimeo", "loom", "figma", "figma-for-confluence", "miro-macro", "miro", "google-drive", "gdrive"),
    *("google-docs", "google-calendar", "google-maps", "trello", "airtable", "tableau", "powerbi", "smart-link"),
    *("markdown-from-url", "portfolioforjiraplan", "sharepoint-list"),
)

HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(_FILES, _file),
    **dict.fromkeys(_ADDRESSES, _address),
    **dict.fromkeys(("img", "image"), _picture),
}
