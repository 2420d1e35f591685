"""The form of one versioned row: drafts are kept, and two who edit at once lose nothing.

An app writes an ``Editor`` and calls ``edit`` in its view; docs/platform/form-pages.md shows how.
"""
