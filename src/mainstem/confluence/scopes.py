"""Which scope a token needs for which route, so that a refusal can name it.

The newer interface (`/api/v2`) takes granular scopes, the older one classic scopes; neither family implies the other.
"""

import re

SCOPES: dict[str, str] = {
    r"/api/v2/spaces/[^/]+/role-assignments|/api/v2/space-roles": "read:space.permission:confluence",
    r"/api/v2/space-role-mode": "read:configuration:confluence",
    r"/api/v2/(spaces/[^/]+/)?(pages|blogposts)": "read:page:confluence",
    r"/api/v2/spaces": "read:space:confluence",
    r"/api/v2/attachments": "read:attachment:confluence",
    r"/api/v2/(footer|inline)-comments": "read:comment:confluence",
    r"/api/v2/folders": "read:folder:confluence",
    r"/api/v2/whiteboards": "read:whiteboard:confluence",
    r"/api/v2/databases": "read:database:confluence",
    r"/api/v2/embeds": "read:embed:confluence",
    r"/api/v2/users-bulk": "read:user:confluence",
    r"/rest/api/(content/)?search": "search:confluence",
    r"/rest/api/content/[^/]+/restriction": "read:confluence-content.all",
    r"/rest/api/content/[^/]+/child/attachment": "readonly:content.attachment:confluence",
    r"/rest/api/user": "read:confluence-user",
    r"/rest/api/group": "read:confluence-groups",
}
"""Scopes by the route they open, the narrower route first."""


READ_SCOPES = tuple(sorted(set(SCOPES.values())))
"""All that is asked for: nothing but reading."""


def scope_for(path: str) -> str | None:
    """The scope that a request to this path needs; None for a path that no scope is known for."""
    return next((scope for route, scope in SCOPES.items() if re.search(route, path)), None)
