"""How many were not seen: multiple systems estimation."""
