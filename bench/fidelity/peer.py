"""Other people's converters, as they come: reads pages as JSON, prints a list of what one of them makes of each.

Run with the interpreter of their environment; knows nothing of Mainstem. A page on which a converter raises is null.
"""

import contextlib
import io
import json
import sys
from collections.abc import Callable
from typing import Any

Converter = Callable[[dict[str, str]], str]


def langchain(*, markdown: bool) -> Converter:
    """The loader's own treatment of a page that it fetched, in its text mode or its Markdown mode."""
    from langchain_community.document_loaders import ConfluenceLoader
    from langchain_community.document_loaders.confluence import ContentFormat

    loader = ConfluenceLoader(url="https://example.org/wiki", username="reader", api_key="token")

    def convert(page: dict[str, str]) -> str:
        fetched = {
            "id": "1",
            "title": page["name"],
            "_links": {"webui": "/"},
            "body": {"storage": {"value": page["text"]}},
        }
        document = loader.process_page(
            fetched,
            include_attachments=False,
            include_comments=False,
            include_labels=False,
            content_format=ContentFormat.STORAGE,
            keep_markdown_format=markdown,
        )
        return document.page_content

    return convert


def markdownify() -> Converter:
    from markdownify import markdownify as convert

    return lambda page: convert(page["text"])


def html2text() -> Converter:
    from html2text import html2text as convert

    return lambda page: convert(page["text"])


def markitdown() -> Converter:
    from markitdown import MarkItDown, StreamInfo

    converter = MarkItDown()
    kind = StreamInfo(extension=".html", mimetype="text/html", charset="utf-8")
    return lambda page: converter.convert_stream(io.BytesIO(page["text"].encode()), stream_info=kind).markdown


def html_to_markdown() -> Converter:
    from html_to_markdown import convert

    return lambda page: convert(page["text"]).content or ""


def pyadf() -> Converter:
    from pyadf import Document

    return lambda page: Document(page["text"]).to_markdown()


def atlas_doc_parser() -> Converter:
    from atlas_doc_parser.api import NodeDoc

    return lambda page: NodeDoc.from_dict(json.loads(page["text"])).to_markdown()


def exporter() -> Converter:
    from exporter import exporting

    return exporting()


CONVERTERS: dict[str, Callable[[], Converter]] = {
    "langchain_text": lambda: langchain(markdown=False),
    "langchain_markdown": lambda: langchain(markdown=True),
    "markdownify": markdownify,
    "html2text": html2text,
    "markitdown": markitdown,
    "html_to_markdown": html_to_markdown,
    "exporter": exporter,
    "pyadf": pyadf,
    "atlas_doc_parser": atlas_doc_parser,
}


def main(name: str) -> None:
    """Convert the pages on standard input, and print the outputs as the last line."""
    pages: list[dict[str, str]] = json.load(sys.stdin)
    made: list[Any] = []
    with contextlib.redirect_stdout(sys.stderr):
        convert = CONVERTERS[name]()
        for page in pages:
            try:
                made.append(convert(page))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is that converter's answer
                print(f"{page['name']}: {type(error).__name__}: {error}", file=sys.stderr)
                made.append(None)
    print(json.dumps(made))


if __name__ == "__main__":
    main(*sys.argv[1:])
