"""The AI room, a leaf: words and vectors, what a model is asked, what of its answer may be said."""
