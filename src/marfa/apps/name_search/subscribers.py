"""Makes the destination of changed names known to the outbox."""

from marfa.apps.name_search import changes

__all__ = ["changes"]
