"""Routes of conversations."""
