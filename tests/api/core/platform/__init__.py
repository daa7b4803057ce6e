"""Long work over the API."""
