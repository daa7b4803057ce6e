"""Services of conversations and their lines."""
