"""Routes of the chat contract: programs with a key."""
