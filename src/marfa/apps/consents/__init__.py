"""Consent, other legal grounds, and what was shared on them."""
