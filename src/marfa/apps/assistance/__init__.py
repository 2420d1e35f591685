"""Assistance: plans, goals, services and contacts of a case."""
