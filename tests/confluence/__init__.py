"""Tests of the client: what both dialects promise, what only one has, and the rules beneath them."""
