"""What the database itself holds of placements."""
