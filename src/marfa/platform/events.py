"""What happened, told upward: from an app to those that stand above it, within one transaction.

An event is a frozen dataclass. Whoever listens is called at once, in the order of registration,
and writes into the same transaction; where a listener fails, what happened is undone as well.

    @dataclass(frozen=True)
    class ReferralSent(Event):
        referral: UUID

    @listen(ReferralSent)              # in a module that its app names
    def note(event: ReferralSent) -> None: ...

    publish(ReferralSent(referral.pk))  # in an action, inside its transaction
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection

E = TypeVar("E", bound="Event")


@dataclass(frozen=True)
class Event:
    """The base of all events. An event names records; its listeners read them."""


_listeners: dict[type[Event], dict[str, Callable[[Any], None]]] = {}


def listen_to(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Call a function on every event of exactly this kind; registering it again changes nothing."""

    def register(listener: Callable[[E], None]) -> Callable[[E], None]:
        name = f"{listener.__module__}.{listener.__qualname__}"
        _listeners.setdefault(kind, {})[name] = listener
        return listener

    return register


def publish_event(event: Event) -> None:
    """Call the listeners of an event, in the transaction in which it happens.

    Raises RuntimeError outside a transaction: then what happened could be stored and what
    follows from it lost. What a listener raises goes on to the caller.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{type(event).__name__} is published outside a transaction")
    for listener in tuple(_listeners.get(type(event), {}).values()):
        listener(event)


def listeners_of(kind: type[Event]) -> tuple[str, ...]:
    """Full names of the functions that listen to a kind of event."""
    return tuple(_listeners.get(kind, {}))
