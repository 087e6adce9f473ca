"""REST v1 of Confluence Cloud: what v2 never got (search, restrictions, groups, files) and what is being taken away."""

from confluence_emulator.cloud.v1 import contents, files, people, restrictions, search

ENDPOINTS = (
    *search.ENDPOINTS,
    *files.ENDPOINTS,
    *restrictions.ENDPOINTS,
    *people.ENDPOINTS,
    *contents.ENDPOINTS,
)

__all__ = ["ENDPOINTS"]
