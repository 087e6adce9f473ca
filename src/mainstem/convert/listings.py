"""The lists that Confluence makes when somebody looks, by their macros: what each is called where nobody looks."""

from collections.abc import Mapping
from typing import Final

LISTINGS: Final[Mapping[str, str]] = {
    "children": "list of the pages below this one",
    "pagetree": "tree of pages",
    "index": "index of all pages",
    "contentbylabel": "list of pages by their labels",
    "navmap": "map of pages by their labels",
    "content-report-table": "table of pages by their labels",
    "content-by-user": "list of what somebody wrote",
    "recently-updated": "list of what changed last",
    "recently-updated-dashboard": "list of what changed last",
    "blog-posts": "list of blog posts",
    "detailssummary": "report of page properties",
    "tasks-report-macro": "report of tasks",
    "attachments": "list of attached files",
    "space-attachments": "list of the files of a space",
    "gallery": "gallery of pictures",
    "listlabels": "list of labels",
    "popular-labels": "list of the labels in use",
    "recently-used-labels": "list of the labels used last",
    "related-labels": "list of related labels",
    "contributors": "list of contributors",
    "contributors-summary": "table of contributors",
    "space-details": "details of the space",
    "spaces": "list of spaces",
    "spaces-list": "list of spaces",
    "pagetreesearch": "search in a tree of pages",
    "livesearch": "search box",
    "search": "search box",
}
