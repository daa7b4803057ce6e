"""/api and /auth, noun by noun."""
