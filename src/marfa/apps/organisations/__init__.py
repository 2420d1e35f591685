"""Whose installation this is: organisations, sites, and who has which role where."""
