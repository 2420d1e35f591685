"""Before somebody is registered: who may be here already, with the silence of the search."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.manifest import Desk
from marfa.apps.name_search.models import Notice, Search, Way
from marfa.apps.name_search.search_watch import NOTHING_AT_LEAST, review_searches
from marfa.apps.organisations.models import Site
from marfa.apps.registry import lookups
from marfa.apps.registry.models import Household, Person
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.limits.limiter import Limit
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.vault.access import open_vault
from tests.apps.search.name_index import Here, here, sites, somebody
from tests.conftest import Operation

__all__ = ["here"]

pytestmark = pytest.mark.django_db
HERE = "May be here already"


@pytest.fixture
def site(operation: Operation, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(lookups, "LIMIT", Limit("tests.here", 10_000, lookups.LIMIT.interval))
    return sites(operation)[0]


@pytest.fixture
def client(operation: Operation) -> Client:
    return operation.at(Desk.RECEPTION)


def told(operation: Operation, **more: Any) -> dict[str, Any]:
    person = operation.desks[Desk.RECEPTION].reference
    return {"person": person, "batch": str(new_id()), "draft_version": 0, "do": "save", **more}


def sent_again(page: str) -> dict[str, list[str]]:
    """What the form on the page would send."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(unescape(value))
    return found


def people() -> int:
    with every_organisation():
        return Person.objects.count()


def test_who_may_be_here_is_shown_with_reasons_and_nothing_is_lost(
    operation: Operation, site: Site, here: Here, client: Client
) -> None:
    known = somebody(site, "مريم يوسف")
    here.build()
    there = reverse("reception:person")
    typed = {"name": "Maryam Youssef", "born": "34", "sex": "female", "languages": ["apc", "fra"]}
    page = client.post(there, told(operation, **typed))
    content = unescape(page.content.decode())
    assert HERE in content
    assert "Why this was found:" in content
    assert reverse("people:person", args=[known.reference]) in content
    assert people() == 1, "nobody is registered yet"
    draft = client.get(there).content.decode()
    assert 'value="Maryam Youssef"' in draft, "it is there again after the record was opened"
    assert 'value="34"' in draft
    sent = sent_again(content)
    change = client.post(there, {**sent, "do": "change"}).content.decode()
    assert 'value="Maryam Youssef"' in change
    assert people() == 1
    done = client.post(there, {**sent, "do": "save"})
    assert done.status_code == 302
    with every_organisation(), open_vault():
        made = Person.objects.exclude(pk=known.pk).get()
        assert (made.sex, sorted(made.languages)) == ("female", ["apc", "fra"])
    again = client.post(there, {**sent, "do": "save"})
    assert again.headers["Location"] == done.headers["Location"], "sent twice, registered once"
    with every_organisation():
        row = Search.objects.get()
        assert (row.way, row.found) == (Way.DUPLICATE, 1)
        assert Entry.objects.filter(action="people.find", outcome="done").exists()


def test_a_protected_woman_is_met_with_the_silence_of_the_search(
    operation: Operation, site: Site, here: Here, client: Client
) -> None:
    hidden = somebody(site, "Amina Haddad", protected=True)
    here.build()
    there = reverse("reception:person")
    for name in ("Amina Haddad", "Zahra Qasim"):
        done = client.post(there, told(operation, name=name))
        assert done.status_code == 302, "registered without a word"
        page = client.get(done.headers["Location"], follow=True).content.decode()
        assert hidden.reference not in page
        assert "could not be searched" not in page
    with every_organisation():
        rows = list(Search.objects.order_by("at"))
        assert [(row.way, row.found, len(row.met)) for row in rows] == [
            (Way.DUPLICATE, 0, 1),
            (Way.DUPLICATE, 0, 0),
        ], "whoever protects her is told, and nobody else"


def test_a_name_that_only_begins_alike_is_no_reason_to_stop(
    operation: Operation, site: Site, here: Here, client: Client
) -> None:
    somebody(site, "Amina Haddad")
    here.build()
    done = client.post(reverse("reception:person"), told(operation, name="Amina"))
    assert done.status_code == 302
    found = client.post("/find/", {"text": "Amina"}).content.decode()
    assert "Amina Haddad" in found, "the control: the search page shows her"


def test_of_a_household_each_row_is_looked_for(
    operation: Operation, site: Site, here: Here, client: Client
) -> None:
    first, second = somebody(site, "Amina Haddad"), somebody(site, "Samir Qasim")
    here.build()
    there = reverse("reception:household")
    rows = {"name-0": "Zahra Aziz", "name-1": "Samir Kassim", "relation-1": "child", "name-2": ""}
    page = client.post(there, told(operation, **rows)).content.decode()
    assert HERE in page
    assert "Person 2" in page
    assert second.reference in page
    assert first.reference not in page
    sent = sent_again(page)
    change = client.post(there, {**sent, "do": "change"}).content.decode()
    assert 'value="Samir Kassim"' in change
    assert client.post(there, {**sent, "do": "save"}).status_code == 302
    with every_organisation():
        assert Household.objects.count() == 1
    assert people() == 4


def test_nobody_waits_for_a_search_that_cannot_be_made(
    operation: Operation, site: Site, here: Here, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody(site, "Amina Haddad")
    here.build()
    here.down = True
    done = client.post(reverse("reception:person"), told(operation, name="Amina Haddad"))
    assert done.status_code == 302
    page = client.get(done.headers["Location"]).content.decode()
    assert "Names could not be searched" in page
    here.down = False
    monkeypatch.setattr(lookups, "LIMIT", Limit("tests.none", 1, lookups.LIMIT.interval))
    client.post("/find/", {"text": "Zahra"})
    done = client.post(reverse("reception:person"), told(operation, name="Amina Haddad"))
    assert done.status_code == 302


def test_a_code_alone_is_looked_for_under_no_name(
    operation: Operation, site: Site, here: Here, client: Client
) -> None:
    somebody(site, "Amina Haddad")
    here.build()
    sent = told(operation, name="Amina Haddad") | {"do": "code"}
    assert client.post(reverse("reception:person"), sent).status_code == 302
    with every_organisation():
        assert not Search.objects.exists()


@pytest.mark.parametrize(("way", "told_of"), [(Way.DUPLICATE, False), (Way.SEARCH, True)])
def test_registering_many_newcomers_is_no_unusual_searching(
    operation: Operation, way: Way, *, told_of: bool
) -> None:
    one = {"searcher": operation.desks[Desk.RECEPTION].pk, "found": 0, "way": way}
    with every_organisation():
        for minute in range(3 * NOTHING_AT_LEAST):
            at = clock.now() - timedelta(minutes=minute)
            Search.objects.create(organisation=operation.controller, at=at, **one)
        review_searches()
        assert Notice.objects.exists() == told_of
