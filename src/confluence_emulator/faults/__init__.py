"""Everything that goes wrong between a client and Confluence, on request and repeatably.

`parse_fault("429:every=7")` reads a spec, `ActiveFaults` holds what is in force (its `replace` changes it while the
emulator runs), `FaultMiddleware` strikes. Quirks of Confluence itself (stale rows, repeated pages) are not faults: they
belong to the dialects and to the search index.
"""

from confluence_emulator.faults.active import ActiveFaults
from confluence_emulator.faults.middleware import FaultMiddleware
from confluence_emulator.faults.specs import Fault, FaultError, Kind, parse_fault

__all__ = ["ActiveFaults", "Fault", "FaultError", "FaultMiddleware", "Kind", "parse_fault"]
