"""What maintains the repository itself; nothing here is installed."""
