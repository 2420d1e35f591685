"""Pages of administration, and each person's own roles."""
