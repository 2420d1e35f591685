"""What may be written down of a child's representatives, and of what is best for it."""
