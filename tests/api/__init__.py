"""Every contract over HTTP: what a caller sees."""
