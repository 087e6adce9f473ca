"""Tests of the hub in a real browser."""
