"""What must take its time in seconds: runs alone, after everything else, with nothing of the suite beside it."""
