"""Studies: what the protection desk writes down about each, sealed."""
