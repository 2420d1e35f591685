"""Mechanisms that every desk shares: settings, the data folder and its keys."""
