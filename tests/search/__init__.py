"""Search: what is found, and what an outsider never finds."""
