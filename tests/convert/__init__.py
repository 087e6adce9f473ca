"""The converter: what documents keep, and what never leaks."""
