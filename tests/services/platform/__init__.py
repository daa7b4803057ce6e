"""Services of the hub itself."""
