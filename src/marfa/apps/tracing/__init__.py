"""Tracing a family, verifying who says to belong to it, and bringing a child back to them."""
