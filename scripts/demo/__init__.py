"""The demo business: its content, its shop site, and the seed that puts it into the hub."""
