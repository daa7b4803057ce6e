"""AI agents and their answers."""
