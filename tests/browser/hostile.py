"""What somebody might write to run a script in the browser of whoever reads it, laid wherever people write.

All of it calls `__ran`, which the window reports (see chromium). A payload is a vector in a context: the vector is how
a script could start, the context where in Confluence it stands.
"""

from collections.abc import Iterator, Sequence
from html import escape

from confluence_emulator.sample import OWNER
from confluence_emulator.state import Content, Kind, Site, Space, changes, membership
from confluence_emulator.state.changes import Draft
from confluence_emulator.state.spaces import ADMIN_RIGHTS, user_principal

RUNS_AT_ONCE = (
    "<script>__ran()</script>",
    "<SCRIPT type='module'>__ran()</SCRIPT>",
    "<img src=x:x onerror=__ran()>",
    '<img src="x:x" onerror="__ran()"/>',
    "<img/src/onerror=__ran()>",
    "<svg onload=__ran()>",
    '<svg xmlns="http://www.w3.org/2000/svg" onload="__ran()"/>',
    "<svg><script>__ran()</script></svg>",
    "<svg><animate onbegin=__ran() attributeName=x dur=1s>",
    "<details open ontoggle=__ran()><summary>x</summary></details>",
    '<input autofocus="" onfocus="__ran()"/>',
    "<video><source onerror=__ran() src=x:x></video>",
    "<audio src=x:x onerror=__ran()></audio>",
    '<iframe srcdoc="<script>parent.__ran()</script>"></iframe>',
    '<iframe src="javascript:parent.__ran()"></iframe>',
    '<object data="javascript:parent.__ran()"></object>',
    '<p style="animation: spin 1s" onanimationstart="__ran()">x</p>',
    '"><script>__ran()</script>',
    "'><img src=x:x onerror=__ran()>",
    "</title><script>__ran()</script>",
    "</textarea><script>__ran()</script>",
    "</pre></code><img src=x:x onerror=__ran()>",
    "--><script>__ran()</script>",
    "<style><!--</style><script>__ran()</script>-->",
    '<noscript><p title="</noscript><img src=x:x onerror=__ran()>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x:x onerror=__ran()&gt;">',
    '<svg></p><style><a id="</style><img src=x:x onerror=__ran()>">',
    "<template><script>__ran()</script></template><script>__ran()</script>",
    "<a href='x'><img src=x:x onerror=__ran()></a>",
    "<table background=x><td onpointerrawupdate=1><img src=x:x onerror=__ran()>",
)
"""What runs by itself in a page that lets it: the first test proves that of most of them."""

WAITS = (
    '<a href="javascript:__ran()">x</a>',
    '<a href="JaVaScRiPt:__ran()">x</a>',
    '<a href="&#106;avascript:__ran()">x</a>',
    '<a href="java&#9;script:__ran()">x</a>',
    '<a href="&#1;javascript:__ran()">x</a>',
    '<a href="vbscript:__ran()">x</a>',
    '<a href="data:text/html,<script>__ran()</script>">x</a>',
    '<math><maction actiontype="statusline" xlink:href="javascript:__ran()">x</maction></math>',
    '<svg><a xlink:href="javascript:__ran()"><text y="20">x</text></a></svg>',
    '<form action="javascript:__ran()"><button>x</button></form>',
    '<button formaction="javascript:__ran()">x</button>',
    '<p onclick="__ran()">x</p>',
    '<p onmouseover="__ran()">x</p>',
    '" onmouseover="__ran()" x="',
    "' autofocus onfocus='__ran()",
    '<meta http-equiv="refresh" content="0;url=javascript:__ran()"/>',
    '<base href="https://elsewhere.invalid/"/>',
    '<link rel="stylesheet" href="https://elsewhere.invalid/x.css"/>',
    '<style>@import "https://elsewhere.invalid/x.css"; * { background: url(https://elsewhere.invalid/x.png) }</style>',
    '<embed src="https://elsewhere.invalid/x.svg"/>',
    '<div hx-get="/logout" hx-trigger="load">x</div>',
    '<div hx-on:load="__ran()" hx-on--load="__ran()">x</div>',
    '<div data-hx-post="/logout" hx-trigger="load[__ran()]">x</div>',
    "<div hx-vals='js:{a: __ran()}' hx-get='/search' hx-trigger='load'>x</div>",
    '<copy-button value="x" onclick="__ran()">x</copy-button>',
    '<button commandfor="shortcuts" command="show-modal">x</button>',
    "javascript:__ran()",
    "{{ self.__init__.__globals__ }}",
    "{{constructor.constructor('__ran()')()}}",
    "${__ran()}",
    "\uff1cscript\uff1e__ran()\uff1c/script\uff1e",
    "\u202e<script>__ran()</script>",
    "]]&gt;<script>__ran()</script>",
    "&lt;script&gt;__ran()&lt;/script&gt;",
    "&amp;lt;img src=x:x onerror=__ran()&amp;gt;",
)
"""What needs a hand, a page of ours, or another site to run or to leak."""

VECTORS = (*RUNS_AT_ONCE, *WAITS)

CONTEXTS = {
    "text": "<p>{text}</p>",
    "a heading": "<h2>{text}</h2>",
    "a cell": "<table><tbody><tr><th>{text}</th><td>{text}</td></tr></tbody></table>",
    "a list": "<ul><li><p>{text}</p></li></ul>",
    "an address": '<p><a href="{text}">a link</a></p>',
    "a page that is linked": '<p><ac:link ac:anchor="{text}"><ri:page ri:content-title="{text}"/></ac:link></p>',
    "a picture's address": '<p><ac:image ac:alt="{text}" ac:title="{text}"><ri:url ri:value="{text}"/></ac:image></p>',
    "a picture's name": '<p><ac:image><ri:attachment ri:filename="{text}"/></ac:image></p>',
    "code": '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">{text}</ac:parameter>'
    "<ac:plain-text-body><![CDATA[{cdata}]]></ac:plain-text-body></ac:structured-macro>",
    "html": '<ac:structured-macro ac:name="html"><ac:plain-text-body><![CDATA[{cdata}]]></ac:plain-text-body>'
    "</ac:structured-macro>",
    "a panel": '<ac:structured-macro ac:name="panel"><ac:parameter ac:name="title">{text}</ac:parameter>'
    "<ac:rich-text-body><p>{text}</p></ac:rich-text-body></ac:structured-macro>",
    "a status": '<p><ac:structured-macro ac:name="status"><ac:parameter ac:name="title">{text}</ac:parameter>'
    '<ac:parameter ac:name="colour">{text}</ac:parameter></ac:structured-macro></p>',
    "a macro of others": '<ac:structured-macro ac:name="{text}"><ac:parameter ac:name="{text}">{text}</ac:parameter>'
    "<ac:rich-text-body><p>{text}</p></ac:rich-text-body></ac:structured-macro>",
    "page properties": '<ac:structured-macro ac:name="details"><ac:rich-text-body><table><tbody><tr><th>{text}</th>'
    "<td>{text}</td></tr></tbody></table></ac:rich-text-body></ac:structured-macro>",
    "a task": "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete</ac:task-status>"
    "<ac:task-body>{text}</ac:task-body></ac:task></ac:task-list>",
}
TOGETHER = 6
"""So many vectors that may break the markup around them share a page."""

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="parent.__ran()"><script>parent.__ran()</script></svg>'
FILES = (
    ("drawing.svg", "image/svg+xml", SVG),
    ("page.html", "text/html", b"<script>__ran()</script>"),
    (
        "page.xhtml",
        "application/xhtml+xml",
        b'<html xmlns="http://www.w3.org/1999/xhtml"><script>__ran()</script></html>',
    ),
    ("data.xml", "text/xml", b'<x:script xmlns:x="http://www.w3.org/1999/xhtml">__ran()</x:script>'),
    ("script.js", "text/javascript", b"__ran()"),
    ("picture.png", "image/png", b"<script>__ran()</script>"),
    ("unknown", "", b"<script>__ran()</script>"),
)


def bodies() -> Iterator[tuple[str, str]]:
    """Storage format, page by page: each vector as it is, and each in every context."""
    for at in range(0, len(VECTORS), TOGETHER):
        yield f"raw {at}", "".join(f"<div>{vector}</div>" for vector in VECTORS[at : at + TOGETHER])
    for name, context in CONTEXTS.items():
        yield name, "".join(_in(context, vector) for vector in VECTORS)


def payloads() -> int:
    """How many payloads there are in all the places below."""
    return len(VECTORS) * (1 + len(CONTEXTS) + len(("title", "label", "file", "comment"))) + len(FILES)


def lay(site: Site) -> None:
    """Write a space of them, which its owner alone may view."""
    space = membership.add_space(site, "TRAP", "<img src=x:x onerror=__ran()>Traps", OWNER.account_id)
    membership.grant(site, space, user_principal(OWNER.account_id), ADMIN_RIGHTS)
    for name, body in bodies():
        _page(site, space, f"Trap: {name}", body)
    titled = _page(site, space, "Trap: titles", "<p>Below.</p>")
    for number, vector in enumerate(VECTORS):
        _page(site, space, f"{vector} {number}", f"<p>{escape(vector)}</p>", titled)
    told = _page(site, space, "Trap: files, labels and comments", "<p>Beside.</p>")
    _surround(site, told, VECTORS)


def _surround(site: Site, page: Content, vectors: Sequence[str]) -> None:
    for vector in vectors:
        changes.label(site, page, vector, actor_id=OWNER.account_id)
        changes.comment(site, page, OWNER.account_id, f"<p>{vector}</p>")
        changes.attach(site, page, OWNER.account_id, vector, changes.new_file(site, "text/plain", b"x"))
    for name, media_type, data in FILES:
        changes.attach(site, page, OWNER.account_id, name, changes.new_file(site, media_type, data))


def _in(context: str, vector: str) -> str:
    return context.format(text=escape(vector), cdata=vector.replace("]]>", ""))


def _page(site: Site, space: Space, title: str, body: str, parent: Content | None = None) -> Content:
    return changes.create(site, Kind.PAGE, space, OWNER.account_id, Draft(title, body), parent=parent)
