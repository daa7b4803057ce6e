"""Operator pages over HTTP."""
