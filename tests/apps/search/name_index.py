"""People to be found, and the index in the process of the test."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from marfa.apps.name_search import changes, client
from marfa.apps.name_search.answers import Answerer
from marfa.apps.name_search.builder import Builder
from marfa.apps.name_search.client import Client
from marfa.apps.name_search.index import Holding
from marfa.apps.organisations.models import Site
from marfa.apps.registry.models import Person, PersonName
from marfa.apps.search import person_search
from marfa.apps.search.source import PeopleSource
from marfa.domain.codes import new_code
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from tests.conftest import Operation


class Here(Client):
    """Answers as the process does, without a socket, so that it shares the test's transaction."""

    def __init__(self) -> None:
        self.builder = Builder(Holding(), lambda: [PeopleSource()])
        self.answerer = Answerer(self.builder, lambda: None)
        self.down = False

    def _ask(self, question: Any) -> Any:
        if self.down:
            raise client.FinderDownError
        with every_organisation():
            answer = self.answerer.answer(question)
        if "state" not in answer:
            raise client.FinderDownError
        return answer

    def build(self) -> None:
        with every_organisation():
            self.builder.build()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    made = Here()
    for module in (client, changes, person_search):
        monkeypatch.setattr(module, "finder_client", lambda: made)
    return made


def sites(operation: Operation) -> list[Site]:
    """The sites of the controller, the first being where the desks are."""
    return list(Site.objects.filter(organisation=operation.controller).order_by("name"))


def somebody(site: Site, *names: str, protected: bool = False) -> Person:
    """A person who is registered, without the action."""
    now = clock.now()
    with every_organisation():
        person = Person.objects.create(
            id=new_id(),
            code=new_code(),
            organisation_id=site.organisation_id,
            site=site,
            sex="female",
            registered_at=now,
            protected=protected,
            protected_at=now if protected else None,
        )
        for place, text in enumerate(names):
            name = PersonName(
                organisation_id=site.organisation_id, person=person, place=place, recorded_at=now
            )
            name.text = text
            name.save()
    return person


def keys(people: list[Person]) -> set[UUID]:
    return {person.pk for person in people}
