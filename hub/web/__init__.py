"""Binding of a request to typed values: what the API and the pages both need of it."""
