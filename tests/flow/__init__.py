"""Whole stories, told as people live them: over HTTP, with the jobs done as their hints say."""
