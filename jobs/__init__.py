"""Work that happens later: small functions that take one id, and the processes that run them."""
