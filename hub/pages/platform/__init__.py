"""What the hub itself needs."""
