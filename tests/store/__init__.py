"""The store: the tables, the statements and the one that answers who may read what."""
