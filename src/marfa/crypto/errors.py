"""What can go wrong when something is opened."""

from __future__ import annotations


class NotAuthenticError(Exception):
    """The key is another one, or what was sealed was changed, cut, moved or put together anew.

    Which of these it was cannot be told, and nothing of the content is given out.
    """


class UnknownVersionError(Exception):
    """The header names a version that this release does not know."""
