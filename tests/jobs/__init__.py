"""Work for later: the hints in Redis, the clock that releases them, the worker that does the work."""
