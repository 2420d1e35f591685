"""The demonstration: a fictional operation, marked as such on every page."""
