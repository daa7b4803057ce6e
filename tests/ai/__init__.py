"""Tests of the AI room: real Chroma, and a model that speaks HTTP and misbehaves on demand."""
