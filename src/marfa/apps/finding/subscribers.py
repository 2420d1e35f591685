"""Read at the start: the outbox knows where names go."""

from marfa.apps.finding import feeding

__all__ = ["feeding"]
