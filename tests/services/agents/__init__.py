"""Services of the AI agents."""
