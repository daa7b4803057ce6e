"""What the business knows."""
