"""What happens, on the real database: receiving, deciding, answering, the floor, delivering."""
