"""House rules that a machine can hold."""
