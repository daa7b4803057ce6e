"""What the installation does for a business beside talking."""
