"""One form over one versioned row: what is typed is kept as a draft, and of two people who edit
at once neither loses anything.

An app writes an ``Editor`` and calls ``edit`` in its view; docs/platform/editing.md shows how.
"""
