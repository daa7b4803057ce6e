"""What an operator and an owner see, and the API description."""
