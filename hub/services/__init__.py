"""What happens: verbs. A change checks, writes in one transaction, then publishes, in that order and in plain sight."""
