"""Two who see a reason at the same moment: the place in the queue follows the more urgent one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError, Event

import pytest
from django.db import connections

from marfa.apps.organisations.models import Site
from marfa.apps.people import queue
from marfa.apps.people.actions import raising
from marfa.apps.people.actions.queueing import add_reason
from marfa.methods.screening.outcome import Urgency
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from tests.apps.people.test_queueing import entry_of, officer, registered, site  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_reasons_at_once_the_more_urgent_counts(
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = registered(officer, site, 1990)
    real, both, over = queue.due_at, Barrier(2), Event()

    def late(*given: object, **named: object) -> object:
        """Each has read which reasons there are, unless one of them waits for the other; the less
        urgent one is written last."""
        with contextlib.suppress(BrokenBarrierError):
            both.wait(timeout=1)
        if given[1] == Urgency.DAYS:
            over.wait(timeout=1)
        reasons: Callable[..., object] = real
        return reasons(*given, **named)

    monkeypatch.setattr(raising, "due_at", late)

    def add(urgency: Urgency) -> None:
        try:
            with every_organisation():
                add_reason(actor=officer, person=person, sentence="She asked", urgency=urgency)
        finally:
            if urgency == Urgency.NOW:
                over.set()
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, (Urgency.NOW, Urgency.DAYS)))
    entry = entry_of(person)
    assert entry.urgency == Urgency.NOW
    monkeypatch.undo()
    soon = entry.due_at
    with every_organisation():
        add_reason(actor=officer, person=person, sentence="Again", urgency=Urgency.DAYS)
    assert entry_of(person).due_at == soon
