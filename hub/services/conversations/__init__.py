"""Conversations, their messages and who may speak."""
