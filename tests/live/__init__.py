"""Open connections against real web processes: what a page hears, what it does not hear, and how bad peers end."""
