"""What the stack stands on is away for a while, in the middle of the traffic."""
