"""Every test of Mainstem and of its emulator; folders are packages, so that each imports by its full name."""
