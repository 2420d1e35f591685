"""The figures of each site."""
