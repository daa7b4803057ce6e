"""Routes of knowledge."""
