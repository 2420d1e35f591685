"""Proceedings: the tests."""
