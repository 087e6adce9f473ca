"""REST v2 of Confluence Cloud, read-only: what a connector reads; changes come through the control API."""

from confluence_emulator.cloud.v2 import attached, contents, spaces, tree

ENDPOINTS = (*contents.ENDPOINTS, *attached.ENDPOINTS, *tree.ENDPOINTS, *spaces.ENDPOINTS)

__all__ = ["ENDPOINTS"]
