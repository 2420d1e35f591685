"""Read at the start: the outbox knows where names go."""

from marfa.apps.name_search import changes

__all__ = ["changes"]
