"""Files and addresses that a page embeds: links to them."""

from dataclasses import replace
from typing import Final

from mainstem.convert import links, nodes
from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler, page_of, placeholder, title_of
from mainstem.wiki.documents import AttachmentTarget, ContentTarget, PageTarget, UrlTarget


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
        placeholder(macro, flow)
        return
    target = AttachmentTarget(filename, page)
    flow.reading.links[target] = None
    flow.run.append(nodes.Link(target))


def _page_of(macro: Macro) -> PageTarget | ContentTarget | None:
    return (
        page_of(replace(macro, parameters={"page": macro.parameters["page"]})) if "page" in macro.parameters else None
    )


def _address(macro: Macro, flow: Flow) -> None:
    """`widget`, `iframe` and the like: a link to what they embed."""
    url = macro.text("url", "src", "location", "redirectTo")
    for parameter in macro.parameters.values():
        for element in parameter.iter("{ri}url"):
            url = element.get("{ri}value") or url
    if not url:
        placeholder(macro, flow)
        return
    target = UrlTarget(url)
    flow.reading.links[target] = None
    flow.run.append(nodes.Link(target, (title,) if (title := title_of(macro)) else ()))


HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(("view-file", "viewdoc", "viewxls", "viewppt", "viewpdf", "multimedia", "pdf"), _file),
    **dict.fromkeys(("widget", "iframe", "html-include", "rss", "redirect", "viewport-url-redirect"), _address),
}
