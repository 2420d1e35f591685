"""The instance key in its versions: which there are, which seals now, who holds what under it."""
