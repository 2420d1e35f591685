"""Events: at once, in order, and undone together with what happened."""

from __future__ import annotations

import contextlib
import uuid
from dataclasses import dataclass

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from marfa.platform import events
from marfa.platform.events import Event, listen_to, listeners_of, publish_event


@dataclass(frozen=True)
class Happened(Event):
    record: uuid.UUID


@dataclass(frozen=True)
class HappenedElsewhere(Happened):
    """An event of its own, though it looks alike."""


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, uuid.UUID]]:
    monkeypatch.setattr(events, "_listeners", {})
    found: list[tuple[str, uuid.UUID]] = []

    @listen_to(Happened)
    def first(event: Happened) -> None:
        found.append(("first", event.record))

    @listen_to(Happened)
    def second(event: Happened) -> None:
        found.append(("second", event.record))
        ContentType.objects.create(app_label="heard", model=event.record.hex)

    listen_to(Happened)(first)
    return found


HERE = uuid.UUID(int=1)


def test_listeners_are_called_in_order_and_once(db: None, heard: list[object]) -> None:
    publish_event(Happened(HERE))
    assert heard == [("first", HERE), ("second", HERE)]
    publish_event(HappenedElsewhere(HERE))
    assert len(heard) == 2
    assert [name.rpartition(".")[2] for name in listeners_of(Happened)] == ["first", "second"]


@pytest.mark.django_db(transaction=True)
def test_what_listeners_wrote_is_undone_with_what_happened(heard: list[object]) -> None:
    with contextlib.suppress(RuntimeError), transaction.atomic():
        publish_event(Happened(HERE))
        raise RuntimeError
    assert len(heard) == 2
    assert not ContentType.objects.filter(app_label="heard").exists()


@pytest.mark.django_db(transaction=True)
def test_what_happened_is_undone_where_a_listener_fails(heard: list[object]) -> None:
    @listen_to(Happened)
    def third(event: Happened) -> None:
        raise ValueError

    with pytest.raises(ValueError), transaction.atomic():  # noqa: PT011
        publish_event(Happened(HERE))
    assert not ContentType.objects.filter(app_label="heard").exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_published(heard: list[object]) -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        publish_event(Happened(HERE))
    assert heard == []
