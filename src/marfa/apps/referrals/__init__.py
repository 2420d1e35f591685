"""Referrals and transfers, and cases as files."""
