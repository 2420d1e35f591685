"""Detention: the tests."""
