"""Models and their queries, on the real database."""
