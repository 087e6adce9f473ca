"""Code in colours: what stands in a block of code as the words of its language, each kind of them in a class of ours.

It reads what our converter wrote, and adds nothing but spans. Languages it does not know, and code beyond what somebody
reads, stay plain.
"""

import re
from collections.abc import Iterator
from functools import cache
from html import escape, unescape
from itertools import groupby
from typing import Any, Final

CLASSES: Final = tuple(
    f"code-{kind}" for kind in ("keyword", "string", "comment", "number", "name", "attribute", "added", "removed")
)

LONGEST: Final = 20_000
MOST: Final = 60_000
"""Letters of one block, and of all blocks of a text, that are looked at: to tell words apart takes time."""

_OWN_NAMES: Final = (
    "applescript bash c console cpp css delphi diff docker erlang go graphql groovy haskell hcl html http ini java "
    "javascript json jsx kotlin less lua make matlab nginx objective-c perl php powershell promql python r ruby rust "
    "sass scala scss sql swift toml tsx typescript xml yaml"
)
_OTHER_NAMES: Final = {
    "sh": "bash",
    "shell": "bash",
    "zsh": "bash",
    "c#": "csharp",
    "csharp": "csharp",
    "c++": "cpp",
    "js": "javascript",
    "ts": "typescript",
    "py": "python",
    "rb": "ruby",
    "yml": "yaml",
    "vb": "vb.net",
    "xhtml": "html",
    "dockerfile": "docker",
    "golang": "go",
    "terraform": "hcl",
    "storage": "xml",
}
_LANGUAGES: Final = {name: name for name in _OWN_NAMES.split()} | _OTHER_NAMES
"""What people call a language, and what it is called where its words are told apart."""

_BLOCK: Final = re.compile(r'(<pre data-language="([^"]*)"><code>)(.*?)(</code></pre>)', re.DOTALL)


def coloured(html: str) -> str:
    """A text of our converter with its blocks of code in colours. Only the markup changes, never a letter."""
    left = MOST

    def painted(block: re.Match[str]) -> str:
        nonlocal left
        code = unescape(block[3])
        name = _LANGUAGES.get(block[2].strip().lower())
        if name is None or len(code) > min(LONGEST, left):
            return block[0]
        left -= len(code)
        return f"{block[1]}{''.join(_spans(code, name))}{block[4]}"

    return _BLOCK.sub(painted, html)


def _spans(code: str, language: str) -> Iterator[str]:
    # Loaded when the first code is shown: who only searches needs none of it.
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415

    words = list(get_lexer_by_name(language, stripnl=False, ensurenl=False).get_tokens(code))
    if "".join(text for _, text in words) != code:
        yield escape(code, quote=False)
        return
    for name, same in groupby(words, key=lambda word: _class(word[0])):
        text = escape("".join(text for _, text in same), quote=False)
        yield f'<span class="{name}">{text}</span>' if name and text.strip() else text


@cache
def _class(kind: Any) -> str:
    """Our class for a kind of word; "" for what needs none."""
    from pygments import token  # noqa: PLC0415

    of_kinds = (
        (token.Comment, "comment"),
        (token.Generic.Inserted, "added"),
        (token.Generic.Deleted, "removed"),
        (token.Generic.Heading, "keyword"),
        (token.Generic.Subheading, "keyword"),
        (token.String, "string"),
        (token.Number, "number"),
        (token.Keyword, "keyword"),
        (token.Operator.Word, "keyword"),
        (token.Name.Attribute, "attribute"),
        (token.Name.Variable, "attribute"),
        (token.Name.Tag, "name"),
        (token.Name.Function, "name"),
        (token.Name.Class, "name"),
        (token.Name.Builtin, "name"),
        (token.Name.Decorator, "name"),
    )
    return next((f"code-{name}" for parent, name in of_kinds if token.is_token_subtype(kind, parent)), "")
