"""The shell shows what modules register: work, search and timeline, tried with a fixture app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, modify_settings
from django.urls import reverse

from marfa.apps.manifest import MOST_FOUND, Desk
from marfa.web.views import EVENTS
from tests.conftest import Operation, signed_in
from tests.web.fixture import module as fixture


@pytest.fixture(autouse=True)
def fixture_app() -> Iterator[None]:
    with modify_settings(INSTALLED_APPS={"append": "tests.web.fixture"}):
        fixture.asked.clear()
        yield


def body(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_work_stands_in_parts_urgent_first(operation: Operation) -> None:
    page = body(operation.at(Desk.RECEPTION), "/")
    places = [page.index(text) for text in ("A boat sinks", "A boat is due", "A boat waits")]
    assert places == sorted(places)
    assert re.findall(r'id="work-(\w+)"', page) == ["urgent", "overdue", "waiting"]


def test_search_asks_every_module_and_shows_text_as_text(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    page = client.post(reverse("search"), {"text": " boat "}).content.decode()
    assert "3 results" in page
    assert "<b>Boat</b>" not in page
    assert "&lt;b&gt;Boat&lt;/b&gt; 3" in page
    assert 'value="boat"' in page, "what was typed is still there"
    assert "1 result<" in client.post(reverse("search"), {"text": "12"}).content.decode()


def test_what_is_searched_for_never_stands_in_an_address(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    page = client.post(reverse("search"), {"text": "boat"}).content.decode()
    assert 'method="post"' in page
    assert not re.search(r'(href|action|src)="[^"]*boat[^s/]', page)
    assert "3 results" not in client.get(reverse("search"), {"text": "boat"}).content.decode()


def test_nothing_found_says_what_to_try(operation: Operation) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    assert "Nothing was found" in client.post(reverse("search"), {"text": "xyz"}).content.decode()
    assert "at least 2" in client.post(reverse("search"), {"text": "x"}).content.decode()


def test_without_leaving_the_page_only_the_answers_are_drawn(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    response = client.post(reverse("search"), {"text": "boat"}, headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert "3 results" in response.content.decode()


def test_one_module_cannot_flood_the_answers(operation: Operation) -> None:
    response = operation.at(Desk.RECEPTION).post(reverse("search"), {"text": "endless"})
    assert f"{MOST_FOUND} results" in response.content.decode()


def test_search_of_organisations_is_for_administrators(operation: Operation) -> None:
    name = operation.controller.name[:5]
    url = reverse("search")
    assert operation.controller.name in (
        operation.at(Desk.ADMINISTRATION).post(url, {"text": name}).content.decode()
    )
    for client in (operation.at(Desk.RECEPTION), signed_in(operation.outsider)):
        assert operation.controller.name not in client.post(url, {"text": name}).content.decode()


def test_the_timeline_reads_as_far_as_it_shows_and_leads_further(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    page = body(client, reverse("timeline"))
    assert page.count("A boat arrived") >= EVENTS
    assert len(fixture.asked) <= EVENTS + 2
    link = re.search(r'href="(\?before=[^"]+)"', page)
    assert link
    fixture.asked.clear()
    body(client, reverse("timeline") + link[1])
    assert fixture.asked[0] == fixture.DAY - timedelta(hours=1) * (EVENTS + 1)


def test_events_of_several_modules_come_in_one_order(operation: Operation) -> None:
    page = body(operation.at(Desk.ADMINISTRATION), reverse("timeline"))
    moments = re.findall(r'<time datetime="([^"]+)"', page)
    assert len(moments) == EVENTS
    assert moments == sorted(moments, reverse=True)
    assert "A site joined" in page
    assert "A role began: Case worker" in page, "which role, and nobody's name"
    assert "A site joined" not in body(operation.at(Desk.RECEPTION), reverse("timeline"))


@pytest.mark.parametrize("wrong", ["yesterday", "2026-03-08", "", "9999-99-99T00:00:00Z"])
def test_a_wrong_moment_is_taken_as_now(operation: Operation, wrong: str) -> None:
    url = reverse("timeline")
    assert (
        "A boat arrived"
        in operation.at(Desk.RECEPTION).get(url, {"before": wrong}).content.decode()
    )


def test_shortcuts_can_be_turned_off_and_on(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    assert "data-shortcuts" not in body(client, "/")
    answer = client.post(reverse("shortcuts"), {"shortcuts": "off", "next": "/timeline/"})
    assert answer.headers["Location"] == "/timeline/"
    assert client.cookies[settings.SHORTCUTS_COOKIE_NAME]["secure"]
    assert 'data-shortcuts="off"' in body(client, "/")
    client.post(reverse("shortcuts"), {"shortcuts": "on", "next": "https://evil.example"})
    assert "data-shortcuts" not in body(client, "/")


def test_every_page_has_the_lock_the_language_and_the_skip_link(operation: Operation) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    for url in ("/", "/search/", "/timeline/", "/no-such-page/", "/desks/administration/people/"):
        page = client.get(url).content.decode()
        assert "data-lock" in page
        assert 'name="language" value="ar"' in page
        assert page.index('class="skip" href="#main"') < page.index("<header")


def test_signing_out_clears_the_cache_and_never_the_storage(operation: Operation) -> None:
    """Other work of the same origin may lie in the storage; MDN, Clear-Site-Data."""
    answer = operation.at(Desk.RECEPTION).post(reverse("accounts:sign_out"))
    assert answer.headers["Clear-Site-Data"] == '"cache"'


def test_the_one_script_policy_is_that_of_the_nonce_gate(operation: Operation) -> None:
    policy = operation.at(Desk.RECEPTION).get("/").headers["Content-Security-Policy"]
    assert "trusted-types htmx" in policy
    assert "require-trusted-types-for 'script'" in policy
    page = body(operation.at(Desk.RECEPTION), reverse("search"))
    acting = re.findall(r"<[^>]*\shx-[^>]*>", page)
    assert acting
    assert all("hx-nonce=" in each for each in acting), "without it htmx takes it for planted"


def test_other_origins_cannot_see_that_we_are_here(db: None) -> None:
    answer = Client().get("/static/icons/harbour.svg", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    answer.close()
