"""The store's contract, held on both databases."""
