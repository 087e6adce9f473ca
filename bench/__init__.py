"""Measurements: each script prints what it measured beside its goal, and fails when the goal is missed.

Every script is a module with a `main` (`python -m bench.convert`); the other modules are what scripts share.
"""
