"""Screening: who may be at risk, with the reasons. Never a probability, never a legal finding."""
