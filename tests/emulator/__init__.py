"""The emulator: that it behaves as Confluence is documented to behave."""
