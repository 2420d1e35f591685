"""The layouts in which publishers give their lists, one file each.

A reader takes a file and gives a :class:`Listing`: who published it when, and its entries one
after the other. ``READERS`` is the one list of them.
"""

from __future__ import annotations

from marfa.methods.watchlists.formats.list_file import Listing
from marfa.methods.watchlists.formats.registry import LISTS, open_listing

__all__ = ["LISTS", "Listing", "open_listing"]
