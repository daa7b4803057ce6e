"""What keeps the rows and files crashes, is full or is killed: nothing accepted is lost, and callers are told."""
