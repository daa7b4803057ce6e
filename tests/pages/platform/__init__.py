"""Pages of the hub itself."""
