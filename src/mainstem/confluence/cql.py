"""Confluence's query language, as far as the client writes it itself."""


def quoted(text: str) -> str:
    """A CQL string: backslashes first, then quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
