"""Which records of lists are one person's."""

from marfa.methods.linkage.records import Record

__all__ = ["Record"]
