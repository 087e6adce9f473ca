"""Answering: choosing passages, quoting and writing from them, and opening answers again."""
