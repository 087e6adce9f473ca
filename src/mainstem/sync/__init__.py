"""Keeps the store in step with Confluence: list, plan, act, and prove that nothing is missing.

Decisions are pure (`plan`); everything that touches Confluence or the store is in the other modules. `taking_up` says
which run a sync works on, `run` is its life and `order` the order of events; `durable` makes it survive a kill, under
the `version` of that order; `indexing` follows what was stored.
"""
