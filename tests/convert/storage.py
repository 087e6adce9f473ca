"""Short ways to write storage format in examples."""

import zlib
from base64 import b64encode
from urllib.parse import quote


def macro(name: str, inside: str = "", /, **parameters: str) -> str:
    named = "".join(f'<ac:parameter ac:name="{key}">{value}</ac:parameter>' for key, value in parameters.items())
    return f'<ac:structured-macro ac:name="{name}">{named}{inside}</ac:structured-macro>'


def rich(body: str) -> str:
    return f"<ac:rich-text-body>{body}</ac:rich-text-body>"


def plain(body: str) -> str:
    return f"<ac:plain-text-body><![CDATA[{body}]]></ac:plain-text-body>"


def page(title: str, inside: str = "") -> str:
    return f'<ri:page ri:content-title="{title}">{inside}</ri:page>'


def user(identity: str) -> str:
    return f'<ri:user ri:userkey="{identity}" />'


def packed(text: str) -> str:
    """As the apps for PlantUML and draw.io keep their sources."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return b64encode(deflater.compress(quote(text).encode()) + deflater.flush()).decode()
