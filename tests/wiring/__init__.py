"""Tests of wiring: homes, keys and settings, before any hub is built from them."""
