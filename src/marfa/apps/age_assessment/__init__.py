"""Assessment of an age that is disputed: the last resort, and a child until it is decided."""
