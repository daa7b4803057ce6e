"""Routes of customers."""
