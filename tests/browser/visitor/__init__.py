"""What a visitor sees of the chat, and an operator who looks on."""
