"""One process of the stack dies, in the middle of the traffic."""
