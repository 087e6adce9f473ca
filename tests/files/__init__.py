"""Files: what their readers make of them, and of those that nobody can read."""
