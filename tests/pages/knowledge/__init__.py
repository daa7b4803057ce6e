"""Pages of knowledge, over HTTP."""
