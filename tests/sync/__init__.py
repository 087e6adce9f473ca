"""Sync: plans as pure functions, and runs against the emulator."""
