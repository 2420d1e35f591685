"""Complaints: taken down anywhere, read past the team that they are about."""
