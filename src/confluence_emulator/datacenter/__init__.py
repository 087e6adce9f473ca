"""Confluence Data Center over the site: `datacenter_routes(Installation(site, accounts, index, version="9.2.1"))`.

The version decides which endpoints and credentials exist; `Installation.quirks` switches known misbehaviour. Served
read-only, by REST and by the one JSON-RPC method that connectors need. Not here: drafts being edited, webhooks,
rendered bodies, the audit log, CQL (see `cql`) and rate limits (see `faults`).
"""

from confluence_emulator.datacenter.installation import Installation, Quirks
from confluence_emulator.datacenter.routes import datacenter_routes

__all__ = ["Installation", "Quirks", "datacenter_routes"]
