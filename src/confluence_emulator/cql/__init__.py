"""CQL as connectors meet it: a grammar, a search index that lags behind the site, and the rights of whoever asks.

`SearchIndex(site, lag=...)` is made once per site; `index.search(text, viewer=..., now=...)` answers a query with the
contents as the index knows them, and raises `CqlError` where Confluence answers 400. Not here: paging, row shapes,
limits and `totalSize` drift, which belong to the dialects. No ranking: order without ORDER BY is by id.
"""

from confluence_emulator.cql.index import SearchIndex, SearchResult
from confluence_emulator.cql.syntax import CqlError

__all__ = ["CqlError", "SearchIndex", "SearchResult"]
