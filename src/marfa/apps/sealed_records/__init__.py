"""Sealed notes: passphrases, requests to open, and who opened what."""
