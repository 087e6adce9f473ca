"""Reading documents as people."""
