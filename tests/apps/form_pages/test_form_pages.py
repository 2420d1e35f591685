"""Nothing typed is lost: drafts, two people at one form, and what the history keeps of both."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django import forms
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.form_pages.editor import Change, Editor
from marfa.apps.form_pages.page import LONGEST_DRAFT, edit_row
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.site_cards.models import SiteCard
from marfa.platform import clock
from marfa.platform.revisions.actions import Saved
from marfa.platform.revisions.drafts import KEEP_FOR
from marfa.platform.revisions.models import Draft, Revision
from tests.conftest import Operation, signed_in
from tests.support.sample.actions import add_sample, edit_sample
from tests.support.sample.models import Sample

PLAIN = {"phone": "", "opening": "", "note": ""}


@pytest.fixture
def site(operation: Operation) -> Site:
    found = Site.objects.filter(card=None).first()
    assert found is not None
    return found


@pytest.fixture
def url(site: Site) -> str:
    return reverse("sitecards:edit", args=[site.reference])


def hidden(page: str) -> dict[str, str]:
    """The hidden inputs of the form, as a browser sends them along."""
    form = page[page.index("data-draft") if "data-draft" in page else page.index('class="form"') :]
    found: dict[str, str] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', form):
        name, value = (re.search(rf'{of}="([^"]*)"', tag) for of in ("name", "value"))
        if name and value and not name[1].startswith("csrf"):
            found[name[1]] = value[1]
    return found


def opened(client: Client, url: str) -> dict[str, str]:
    return hidden(client.get(url).content.decode())


def send(client: Client, url: str, form: dict[str, Any], do: str = "save") -> Any:
    return client.post(url, {**form, "do": do})


def keep(client: Client, url: str, form: dict[str, Any]) -> Any:
    return client.post(url, {**form, "do": "draft"}, headers={"X-Draft": "1"})


def test_a_form_is_saved(operation: Operation, site: Site, url: str) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    form = {**opened(client, url), **PLAIN, "phone": "+٢١٨ 21", "languages": ["ti", "ar"]}
    answer = send(client, url, form)
    assert answer.status_code == 302
    card = SiteCard.objects.get(site=site)
    assert (card.phone, card.languages, card.version) == ("+218 21", ["ar", "ti"], 2)
    assert "Saved." in client.get(answer.headers["Location"]).content.decode()


def test_what_is_wrong_is_said_and_what_was_typed_stays(operation: Operation, url: str) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    form = {**opened(client, url), **PLAIN, "phone": "call me", "opening": "always"}
    answer = send(client, url, form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-phone"' in page
    assert 'value="call me"' in page
    assert 'value="always"' in page


def test_a_draft_survives_the_session(operation: Operation, url: str) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    form = {**opened(client, url), **PLAIN, "opening": "half a sent", "languages": ["ar"]}
    assert keep(client, url, form).json()["version"] == 1
    Session.objects.all().delete()
    assert client.get(url).status_code == 302, "signed out"
    again = operation.at(Desk.ADMINISTRATION)
    page = again.get(url).content.decode()
    assert "What you typed is back" in page
    assert 'value="half a sent"' in page
    assert re.search(r'value="ar" checked', page)
    assert "Not sent yet: Card of a site" in again.get("/").content.decode()
    assert url in again.get("/").content.decode()
    send(again, url, {**hidden(page), **PLAIN, "opening": "half a sentence"})
    assert Draft.objects.count() == 0
    assert "Not sent yet" not in again.get("/").content.decode()


def test_a_draft_is_sealed_and_its_persons_alone(operation: Operation, url: str) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    keep(client, url, {**opened(client, url), **PLAIN, "note": "canary-of-the-gate"})
    row = Draft.objects.get()
    assert b"canary" not in bytes(row.sealed)
    other = create_user(username="second", display_name="Second")
    operation_user = operation.desks[Desk.ADMINISTRATION]
    assert row.user_id == operation_user.pk != other.pk


def test_a_draft_goes_after_its_time(operation: Operation, url: str) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    keep(client, url, {**opened(client, url), **PLAIN, "note": "tomorrow"})
    with clock.set_to(clock.now() + KEEP_FOR + timedelta(minutes=1)):
        page = operation.at(Desk.ADMINISTRATION).get(url).content.decode()
    assert "tomorrow" not in page


def test_a_draft_from_two_pages_overwrites_neither(operation: Operation, url: str) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    first, second = opened(client, url), opened(client, url)
    assert keep(client, url, {**first, **PLAIN, "note": "one"}).status_code == 200
    refused = keep(client, url, {**second, **PLAIN, "note": "two"})
    assert refused.status_code == 409
    assert "another page" in refused.json()["said"]
    assert ">\none</textarea>" in client.get(url).content.decode()


def test_another_person_in_the_same_browser_takes_nothing_over(
    operation: Operation, url: str
) -> None:
    form = {**opened(operation.at(Desk.ADMINISTRATION), url), **PLAIN, "note": "mine alone"}
    other = operation.at(Desk.RECEPTION)
    assert keep(other, url, form).status_code == 403, "not at this desk at all"
    form["person"] = "somebody-else"
    client = operation.at(Desk.ADMINISTRATION)
    assert keep(client, url, form).status_code == 409
    assert send(client, url, form).status_code == 403
    assert Draft.objects.count() == 0


def test_throwing_away_takes_a_word_of_its_own(operation: Operation, url: str) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    keep(client, url, {**opened(client, url), **PLAIN, "note": "old"})
    send(client, url, opened(client, url), "discard")
    assert "What you typed is back" not in client.get(url).content.decode()
    assert client.post(url, {"do": "explode"}).status_code == 400


def test_without_scripts_a_draft_is_kept_by_its_button(operation: Operation, url: str) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    answer = send(client, url, {**opened(client, url), **PLAIN, "phone": "half"}, "draft")
    assert answer.status_code == 302
    assert 'value="half"' in client.get(url).content.decode()


def test_what_is_endless_is_not_kept(operation: Operation, url: str) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    form = {**opened(client, url), **PLAIN, "note": "x" * (LONGEST_DRAFT + 1)}
    assert keep(client, url, form).status_code == 413


def two(operation: Operation, url: str) -> tuple[Client, Client, dict[str, str], dict[str, str]]:
    """Two administrators with the same form open."""
    first = operation.at(Desk.ADMINISTRATION)
    second = operation.at(Desk.ADMINISTRATION)
    return first, second, opened(first, url), opened(second, url)


def test_different_fields_are_put_together(operation: Operation, site: Site, url: str) -> None:
    first, second, one, other = two(operation, url)
    send(first, url, {**one, **PLAIN, "phone": "+111 11", "languages": ["ar"]})
    answer = send(second, url, {**other, **PLAIN, "opening": "at night", "languages": ["fr"]})
    assert answer.status_code == 302
    assert "colleague" in second.get(answer.headers["Location"]).content.decode()
    card = SiteCard.objects.get(site=site)
    assert (card.phone, card.opening) == ("+111 11", "at night")
    assert card.languages == ["ar", "fr"], "a set keeps what either added"


@pytest.mark.parametrize(("choice", "kept"), [("mine", "at night"), ("theirs", "by day")])
def test_the_same_field_is_asked_with_both_values(
    operation: Operation, site: Site, url: str, choice: str, kept: str
) -> None:
    first, second, one, other = two(operation, url)
    send(first, url, {**one, **PLAIN, "opening": "by day", "phone": "+111 11"})
    answer = send(second, url, {**other, **PLAIN, "opening": "at night", "note": "left"})
    page = answer.content.decode()
    assert answer.status_code == 409
    for text in ("by day", "at night", "Two of you changed the same thing"):
        assert text in page
    assert SiteCard.objects.get(site=site).opening == "by day", "nothing was saved yet"
    form = hidden(page)
    assert form["phone"] == "+111 11", "what only the colleague changed is in the form already"
    answer = send(second, url, form, "merge")
    assert answer.status_code == 422
    assert "Choose which of the two" in answer.content.decode()
    answer = send(second, url, {**form, "keep-opening": choice}, "merge")
    assert answer.status_code == 302
    card = SiteCard.objects.get(site=site)
    assert (card.opening, card.phone, card.note) == (kept, "+111 11", "left")
    aside = Revision.objects.filter(object_id=card.pk, kind=Revision.Kind.SET_ASIDE)
    assert [each.after for each in aside] == (["at night"] if choice == "theirs" else [])


def test_a_draft_remembers_from_which_version_it_began(
    operation: Operation, site: Site, url: str
) -> None:
    """A colleague's change between draft and sending is not undone by sending the draft."""
    first, second, one, other = two(operation, url)
    keep(second, url, {**other, **PLAIN, "note": "mine"})
    send(first, url, {**one, **PLAIN, "phone": "+111 11"})
    Draft.objects.update(version=1)
    page = second.get(url).content.decode() if Draft.objects.exists() else ""
    form = hidden(page) if page else other
    send(second, url, {**form, **PLAIN, "note": "mine"})
    card = SiteCard.objects.get(site=site)
    assert (card.phone, card.note) == ("+111 11", "mine")


class SampleForm(forms.Form):
    note = forms.CharField(required=False)
    sex = forms.ChoiceField(choices=[("female", "Female"), ("male", "Male")])
    seen_on = forms.DateField(required=False)
    urgent = forms.BooleanField(required=False)


def save_sample(row: Sample, change: Change) -> Saved:
    return edit_sample(row, base_version=change.base_version, changes=change.changes)


SAMPLES = Editor("sample.sample", SampleForm, save_sample)


def ask(row: Sample, user: User, **posted: object) -> HttpResponse:
    """The page of a sample, as an app without addresses of its own meets it."""
    make = RequestFactory()
    request: HttpRequest = make.post("/sample/", posted) if posted else make.get("/sample/")
    client = signed_in(user)
    request.user = user
    request.session = client.session
    request._messages = _Silent()  # type: ignore[attr-defined]
    return edit_row(request, SAMPLES, row, title="Sample", done="/done/")


class _Silent(list[str]):
    def add(self, *_: object) -> None:
        """Nobody reads it."""


def test_dates_choices_and_yes_or_no_go_both_ways(operation: Operation) -> None:
    user = operation.desks[Desk.RECEPTION]
    row = add_sample(sex="female", seen_on=date(2026, 3, 8))
    form = hidden(ask(row, user).content.decode())
    sent = {**form, "note": "a", "sex": "male", "seen_on": "2026-04-01", "urgent": "on"}
    assert ask(row, user, **sent).status_code == 302
    row.refresh_from_db()
    assert (row.sex, row.seen_on, row.urgent) == ("male", date(2026, 4, 1), True)
    sent = {**form, "note": "a", "sex": "female", "seen_on": "2026-05-05"}
    answer = ask(row, user, **sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert hidden(page)["sex"] == "male", "sex was changed by the colleague alone"
    chosen = {**hidden(page), "do": "merge", "keep-seen_on": "mine"}
    assert ask(row, user, **chosen).status_code == 302
    row.refresh_from_db()
    assert (row.sex, row.seen_on, row.urgent) == ("male", date(2026, 5, 5), True)
