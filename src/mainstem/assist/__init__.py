"""Answering: from a question to sentences that each cite a passage, out of what the viewer may read."""
