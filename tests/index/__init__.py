"""The passage index: one contract, and what the local adapter adds."""
