"""The whole real stack under kills, freezes, wipes and restarts: nothing accepted is lost, nothing answered twice."""
