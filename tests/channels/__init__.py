"""Each channel by itself: what it reads, what it sends, and how it judges what came back. No database."""
