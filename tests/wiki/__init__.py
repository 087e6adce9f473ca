"""The types that strangers hand each other."""
