"""No page puts words before a real person that two people have not agreed to.

The control of each is the demonstration, which shows drafts, and the same page once two agreed.
"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse

from marfa.apps.manifest import Desk
from marfa.apps.texts.sets import all_sets
from tests.conftest import Operation, signed_in
from tests.web.matrix import ARGUMENTS
from tests.web.test_pages import PAGES, reader_of

pytestmark = pytest.mark.django_db
# Where staff read the words to agree to them.
REVIEWED_HERE = ("texts:", "lists:")
LONG = 40
"""Characters from which a text is not by chance the same as one of the page."""


def words_of_sets() -> set[str]:
    """In English, whatever is put to a person. The title of a list is for staff."""
    return {
        form
        for each in all_sets()
        for key, text in each.packs()["en"].texts.items()
        for form in text.every_form()
        if key != "title" and len(form) >= LONG and "{" not in form
    }


def shown(operation: Operation, name: str, words: set[str]) -> set[str]:
    answer = reader_of(operation, name).get(reverse(name, args=ARGUMENTS.get(name, [])))
    page = answer.content.decode()
    return {each for each in words if each in page}


def test_every_set_has_words_to_look_for() -> None:
    assert len(list(all_sets())) >= 10
    assert len(words_of_sets()) > 100


def test_no_page_shows_them(operation: Operation, monkeypatch: pytest.MonkeyPatch) -> None:
    words = words_of_sets()
    names = [name for name in PAGES if not name.startswith(REVIEWED_HERE)]
    in_demonstration = {name for name in names if shown(operation, name, words)}
    assert in_demonstration, "the control"
    monkeypatch.setattr(settings, "DEMONSTRATION", False)
    assert {name: found for name in names if (found := shown(operation, name, words))} == {}


def test_the_page_reads_out_what_two_people_agreed_to(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DEMONSTRATION", False)
    there, told = reverse("texts:set", args=["first-contact", "en"]), "cannot be used yet"
    page = reverse("leaflets:first_contact")
    officer = operation.at(Desk.RECEPTION)
    for client in (operation.at(Desk.PROTECTION), signed_in(operation.supervisor)):
        assert told in officer.get(page).content.decode()
        sent = [line.value for line in client.get(there).context["open"]]
        assert client.post(there, {"do": "every", "every": sent}).status_code == 302
    read = officer.get(page, {"language": "en"}).content.decode()
    assert told not in read
    assert "You decide what you tell" in read
