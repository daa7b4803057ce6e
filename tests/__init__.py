"""The suite: real databases, real Redis, real Chroma, real Chromium; fakes only at the outermost leaves."""
