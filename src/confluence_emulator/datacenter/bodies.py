"""Bodies as Data Center stores them: it knows people by their user key, where the site's bodies name account ids.

Everything else in a body is handed out as it was written.
"""

import re

from confluence_emulator.datacenter.callers import Caller
from confluence_emulator.state import Content

# What stands in CDATA is text, even when it looks like a mention.
_MENTION = re.compile(r"""<!\[CDATA\[.*?\]\]>|(<ri:user\b[^>]*?\s)ri:account-id=(["'])(.*?)\2""", re.DOTALL)


def stored_body(content: Content, caller: Caller) -> str:
    """The storage format of a content, "" where it has none."""

    def mention(match: re.Match[str]) -> str:
        opening, quote, account_id = match.groups()
        if opening is None:
            return match[0]
        user = caller.site.users.get(account_id)
        # Whoever is gone keeps a key that leads nowhere, as in `shapes`.
        return f"{opening}ri:userkey={quote}{user.user_key if user is not None else account_id}{quote}"

    return _MENTION.sub(mention, content.body or "")
