"""Services of channels."""
