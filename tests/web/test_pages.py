"""Every page in every language: direction, neutral title, headers, nothing cached."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import FOCAL, OFFICER
from marfa.apps.screening.instruments import shipped_lists
from marfa.apps.studies.views.common import list_title
from marfa.domain.catalogue import LANGUAGES, RIGHT_TO_LEFT
from tests.conftest import Operation, signed_in
from tests.journeys.page_list import all_groups, derived, view_at
from tests.journeys.pages import Shown
from tests.web.matrix import ANSWER, ARGUMENTS, MATRIX, POST_ONLY, URLS
from tests.web.matrix.rules import (
    ANYBODY,
    ASKED,
    COUNTERS,
    FILE,
    FILLING,
    FINDERS,
    FOCAL_POINTS,
    OFFICERS,
    SIGNED_IN,
    SUPERVISORS,
    WATCHERS,
    Url,
)
from tests.web.test_access_matrix import charter_lets, staff

NOT_READ = 405
DEMONSTRATION = "Demonstration: everything here is fictional. Enter no real person."
PAGES = sorted(set(MATRIX) - POST_ONLY - set(ANSWER) - {"health", "services:file", "texts:file"})


@pytest.fixture
def operation(operation_of_module: Operation, db: None) -> Operation:
    """One for all of this module: its tests look at pages."""
    return operation_of_module


def open_page(operation: Operation, name: str, language: str) -> str:
    client = reader_of(operation, name)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get(reverse(name, args=ARGUMENTS.get(name, [])))
    assert response.status_code in (200, 410)
    return response.content.decode()


def reader_of(operation: Operation, name: str) -> Client:
    """The browser of somebody who may open a page."""
    rule = MATRIX[name]
    if rule == ASKED:
        return signed_in(next(user for _, user in staff(operation) if charter_lets(name, user)))
    desk = Desk.RECEPTION if rule in (FILLING, FINDERS) else Desk.ADMINISTRATION
    client = operation.at(rule if isinstance(rule, Desk) else desk)
    if rule == ANYBODY:
        client = Client()
    elif rule == OFFICERS:
        client = signed_in(User.objects.get(username=OFFICER))
    elif rule in (COUNTERS, SUPERVISORS, WATCHERS):
        client = signed_in(operation.supervisor)
    elif rule == FOCAL_POINTS:
        client = signed_in(User.objects.get(username=FOCAL))
    return client


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_page(operation: Operation, name: str, language: str) -> None:
    """One visit for all that holds on every page."""
    page = open_page(operation, name, language)
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page
    the_title_says_nothing(page, name, language)
    a_demonstration_says_so(page, language)
    nothing_that_the_policy_forbids(page)


def the_title_says_nothing(page: str, name: str, language: str) -> None:
    with translation.override(language):
        neutral = gettext("Workspace")
        titles = [list_title(each.name).lower() for each in shipped_lists()]
    assert (neutral == "Workspace") is (language == "en"), "it is translated"
    assert re.findall(r"<title>(.*?)</title>", page) == [neutral]
    # A list of questions is called what its publisher calls it, to whoever chooses among all.
    told = page.lower()
    for title in titles:
        told = told.replace(title, "")
    assert "traffick" not in told or name in ("home", "accounts:sign_in") or "desk" in name


def a_demonstration_says_so(page: str, language: str) -> None:
    with translation.override(language):
        assert gettext(DEMONSTRATION) in page


def nothing_that_the_policy_forbids(page: str) -> None:
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", page)
    for script in re.findall(r"<script[^>]*>", page):
        assert re.search(r'nonce="[^"]{10,}"', script), script
    assert not re.search(r'(src|href|action)="(https?:)?//', page), "only this origin is asked"


def test_headers(operation: Operation) -> None:
    response = operation.at(Desk.RECEPTION).get(reverse("home"))
    policy = response.headers["Content-Security-Policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert re.fullmatch(r"'nonce-[^']{10,}'", directives["script-src"])
    assert directives["frame-ancestors"] == "'none'"
    assert directives["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in policy
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_language_button_leads_back_only_to_what_can_be_opened(db: None) -> None:
    assert 'name="next" value="/sign-in/?a=1"' in Client().get("/sign-in/?a=1").content.decode()
    refused = Client().post(reverse("demo:enter"), {"desk": "nothing"}).content.decode()
    assert 'name="next" value=""' in refused


def test_nonces_are_used_once(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    policies = {client.get("/").headers["Content-Security-Policy"] for _ in range(5)}
    assert len(policies) == 5


def test_cookies_are_tied_to_this_origin(operation: Operation) -> None:
    client = Client()
    client.get(reverse("accounts:sign_in"))
    client.post(reverse("demo:enter"), {"desk": "reception"})
    client.post(reverse("accounts:language"), {"language": "ar"})
    assert len(client.cookies) == 3
    for name, cookie in client.cookies.items():
        assert name.startswith("__Host-")
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["path"] == "/"
        assert cookie["samesite"] == "Lax"
        assert not cookie["domain"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_are_explained(operation: Operation, language: str) -> None:
    client = signed_in(operation.outsider)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    missing = client.get("/no-such-page/")
    refused = client.get(reverse("organisations:people"))
    assert (missing.status_code, refused.status_code) == (404, 403)
    for response in (missing, refused):
        assert f'lang="{language}"' in response.content.decode()


def test_a_hostile_host_is_refused(db: None) -> None:
    response = Client().get(reverse("accounts:sign_in"), headers={"host": "evil.example"})
    assert response.status_code == 400


# Files, and what apps and scripts ask.
NO_PAGES = {
    "health",
    "filling:definition",
    "forms:attached",
    "materials:file",
    "services:file",
    "texts:file",
    "people:picture",
    *(f"files:{name}" for name in ("upload", "download", "preview")),
    *(f"openrosa:{name}" for name in ("list", "form", "manifest", "media")),
}


def test_every_page_is_looked_at_in_a_browser() -> None:
    """A new page joins the list that axe and the pictures go through."""
    shown = [page for pages in all_groups().values() for page in pages]
    looked_at = {page.view or view_at(page.path) for page in shown}
    pages = {name for name, url in URLS.items() if not url.post and url.answer != NOT_READ}
    missing = pages - NO_PAGES - looked_at
    assert missing == set(), "add it to tests/apps/<app>/shown.py"


def test_a_page_of_a_desk_joins_the_list_by_itself() -> None:
    """Not one that takes something where no page of its namespace leads to it: whoever shows it
    has to say how it is reached."""
    urls = {
        "home": Url(Desk.FINANCE),
        "organisations:person": Url(Desk.ADMINISTRATION, FILE, answer=404),
        "search": Url(SIGNED_IN),
        "oversight:keys": Url(Desk.ADMINISTRATION),
    }
    written = [Shown("keys", reverse("oversight:keys"))]
    assert derived(urls, written) == (Shown("home", "/", "finance"),)


def test_a_page_that_takes_something_is_come_to_from_one_of_its_namespace() -> None:
    urls = {
        "complaints:all": Url(Desk.PROTECTION),
        "complaints:one": Url(Desk.PROTECTION, FILE, answer=404),
    }
    first, one = derived(urls, [])
    start = reverse("complaints:all")
    assert first == Shown("complaints-all", start, "protection")
    assert (one.path, one.desk, one.view) == (start, "protection", "complaints:one")
    assert one.then is not None
