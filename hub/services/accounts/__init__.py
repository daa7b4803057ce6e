"""Tenants, users and their sessions."""
