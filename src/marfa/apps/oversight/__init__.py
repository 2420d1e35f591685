"""For administrators: how people sign in, and how the keys of the installation are kept."""
