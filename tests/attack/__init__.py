"""Attacks that were tried once from outside and are kept: each with a control that shows that the
test would see what it looks for."""
