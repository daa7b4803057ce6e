"""Every route, asked what its own description allows and what it does not."""
