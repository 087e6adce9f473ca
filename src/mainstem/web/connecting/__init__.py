"""The wizard that adds a connection: a draft is filled in step by step, tested, and becomes a connection at its end.

Each step has an address of its own and works without scripts. A secret goes in and never comes out again.
"""
