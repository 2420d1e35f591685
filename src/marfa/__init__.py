"""Marfa: software for those who fight trafficking in persons in armed conflict."""

__version__ = "0.1.0"
