"""Mainstem: a permission-aware, searchable knowledge hub over Confluence, run by the organisation itself."""
