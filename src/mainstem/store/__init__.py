"""The only truth: connections, content, audiences, the journal and runs, on SQLite or PostgreSQL.

Functions take a Core `Connection` first; the caller owns the transaction (`database.open_database`, `engine.begin()`
to write, `database.reading(engine)` to read). Wiki types and frozen dataclasses go in and out, never rows of an ORM.
Not here: what to fetch or delete (sync decides), words and ranking (index and search).
"""
