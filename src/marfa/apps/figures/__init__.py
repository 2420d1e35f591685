"""Figures of the sites: counted each night, shown without small counts."""
