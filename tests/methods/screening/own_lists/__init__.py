"""Questions of lists of one's own: those that are refused and those that pass."""
