"""``marfa watchlist``: sanctions lists, what changed on them, and names screened against them.

It does not exist in an installation that protects people (``marfa.cli.firewall``).
"""

from marfa.cli.watchlist.group import watchlist

__all__ = ["watchlist"]
