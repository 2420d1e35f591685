"""Versions of rows, what changed in them field by field, merging, and drafts on the server."""
