"""Importing this before anything else makes the process cooperative: every wait lets other greenlets run."""

from gevent import monkey

monkey.patch_all()
