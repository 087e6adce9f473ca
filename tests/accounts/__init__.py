"""The hub's own accounts, on both databases."""
