"""Two people at the gate who write of one person at the same moment: one waits for the other."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest

from marfa.apps.organisations.models import Site
from marfa.apps.reception.actions import interview, reasons
from marfa.apps.reception.actions.interview import begin_talk, stop_talk
from marfa.apps.reception.actions.queue import add_reason
from marfa.apps.reception.models import ConversationAnswer, PrivateConversation
from marfa.apps.reception.reasons import Fact
from marfa.methods.screening.outcome import Urgency
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor
from tests.apps.reception.test_interview import SAFE, begun, say
from tests.apps.reception.test_queue import entry_of, officer, registered, site  # noqa: F401
from tests.support.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def real_of(module: object, name: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(module, name)
    return found


def test_of_two_reasons_at_once_the_more_urgent_counts(
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = registered(officer, site, 1990)
    real, both, over = real_of(reasons, "due_at"), Barrier(2), Event()

    def late(*given: object, **named: object) -> object:
        """Each has read which reasons there are, unless one of them waits for the other; the less
        urgent one is written last."""
        with contextlib.suppress(BrokenBarrierError):
            both.wait(timeout=1)
        if given[1] == Urgency.DAYS:
            over.wait(timeout=1)
        return real(*given, **named)

    monkeypatch.setattr(reasons, "due_at", late)

    def add(urgency: Urgency) -> None:
        add_reason(actor=officer, person=person, sentence="She asked", urgency=urgency)
        if urgency == Urgency.NOW:
            over.set()

    assert at_once(lambda: add(Urgency.NOW), lambda: add(Urgency.DAYS)) == ["", ""]
    entry = entry_of(person)
    assert entry.urgency == Urgency.NOW
    monkeypatch.undo()
    soon = entry.due_at
    with every_organisation():
        add(Urgency.DAYS)
    assert entry_of(person).due_at == soon


def test_after_stop_no_answer_is_kept(
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An answer that was on its way is stored before the talk stops, or not at all."""
    talk = begun(officer, registered(officer, site, 1990))
    real, on_its_way, stopped = Act.save, Event(), Event()
    stored_while: list[str] = []

    def late(act: Act, row: Any, **named: Any) -> object:
        if isinstance(row, ConversationAnswer):
            on_its_way.set()
            stopped.wait(timeout=1)
            stored_while.append(PrivateConversation.objects.get(pk=talk.pk).state)
        return real(act, row, **named)

    monkeypatch.setattr(Act, "save", late)

    def stop() -> None:
        on_its_way.wait(timeout=10)
        stop_talk(actor=officer, talk=PrivateConversation.objects.get(pk=talk.pk))
        stopped.set()

    told = at_once(lambda: say(talk, officer, Fact.CANNOT_LEAVE, stated="yes"), stop)
    assert told == ["", ""]
    assert stored_while == ["open"]
    talk.refresh_from_db()
    assert talk.state == "stopped"


def test_of_two_who_begin_at_once_one_is_told(
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = registered(officer, site, 1990)
    real, both = Act.create, Barrier(2)

    def late(act: Act, row: Any) -> object:
        with contextlib.suppress(BrokenBarrierError):
            both.wait(timeout=1)
        return real(act, row)

    monkeypatch.setattr(interview, "move_entry", lambda **_given: True)
    monkeypatch.setattr(Act, "create", late)

    def begin() -> None:
        begin_talk(actor=officer, entry=entry_of(person), setting=SAFE)

    assert sorted(at_once(begin, begin)) == ["", "talk-going-on"]
    assert PrivateConversation.objects.filter(person=person).count() == 1
