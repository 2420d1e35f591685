"""Caregivers and places for children, their vetting, and what happens when one is in doubt."""
