"""Whoever is erased leaves the index of names."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction

from marfa.apps.name_search import changes
from marfa.apps.name_search.client import FinderDownError
from marfa.apps.name_search.erasure import LeaveTheIndex
from marfa.apps.privacy.shredders import all_shredders
from marfa.platform.outbox.models import Parcel
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.fields.footprint import Footprint


class Listening:
    """A process that notes what it is told of, or is down."""

    def __init__(self, *, down: bool = False) -> None:
        self.down = down
        self.told: list[object] = []

    def refresh(self, subjects: list[object]) -> None:
        if self.down:
            raise FinderDownError
        self.told += subjects


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("down", [False, True])
def test_it_is_told_with_the_commit_and_by_the_outbox_in_any_case(
    monkeypatch: pytest.MonkeyPatch, down: bool
) -> None:
    listening, subject = Listening(down=down), uuid4()
    monkeypatch.setattr(changes, "finder_client", lambda: listening)
    with every_organisation():
        with transaction.atomic():
            LeaveTheIndex().shred(Footprint({}, subject))
            assert listening.told == []
        assert listening.told == ([] if down else [subject])
        assert Parcel.objects.filter(destination="names", lane=subject).count() == 1


def test_every_erasure_calls_it() -> None:
    assert any(isinstance(each, LeaveTheIndex) for each in all_shredders())
