"""From settings to a hub: the only place that picks adapters, opens secrets and builds objects."""
