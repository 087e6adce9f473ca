"""Keeps the store in step with Confluence: list, plan, act, and prove that nothing is missing.

Decisions are pure (`plan`); everything that touches Confluence or the store is in the other modules. `run` is the
order of events; `durable` makes it survive a kill; `indexing` follows what was stored.
"""
