"""The types that strangers hand each other: what Confluence holds, who may see it, what a document becomes.

Pure and frozen. Nothing here reads a clock, a file, a network or a database.
"""
