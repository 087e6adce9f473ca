"""Requests to addresses that people enter: where addresses lie, and a client that connects only where it may."""
