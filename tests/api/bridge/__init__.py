"""Routes of the bridge contract: programs beside the hub."""
