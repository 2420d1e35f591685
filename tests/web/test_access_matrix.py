"""Who may open what: every URL of the installation, against everybody.

A URL that is not in the matrix (``tests/web/matrix``) fails the test, so that a new view says who
may open it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, path, resolve, reverse
from django.views.decorators.http import require_POST

from marfa.apps.access import asked_by, at_desk, declare_permission, require_permission
from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.policy_facts import the_controller
from marfa.apps.organisations.queries import actor_of
from marfa.platform import clock
from marfa.safeguards.words import Purpose
from tests.conftest import Operation, signed_in
from tests.web.matrix import ANSWER, ARGUMENTS, MATRIX, POST_ONLY, WRITTEN
from tests.web.matrix.addresses import derived, unsaid
from tests.web.matrix.rules import (
    ADMINISTRATORS,
    ANYBODY,
    ASKED,
    COUNTERS,
    DEVICES,
    FILE,
    FILLING,
    FINDERS,
    FOCAL_POINTS,
    MANAGERS,
    OFFICERS,
    REGISTERS,
    SIGNED_IN,
    SUPERVISORS,
    WATCHERS,
    WORKING,
    Url,
)

MANAGE = ("organisations.manage", the_controller, Purpose.ADMINISTRATION)
AT_WORK = (Desk.PROTECTION, Desk.INVESTIGATIONS)
NOT_READ = 405
HEADERS = {"Tus-Resumable": "1.0.0"}


def test_of_every_address_it_is_known_who_may_open_it() -> None:
    found = unsaid(get_resolver().url_patterns, WRITTEN)
    assert found == set(), "its view asks nothing: say in tests/apps/<app>/addresses.py who may"


def test_what_is_derived_of_an_address_is_what_is_written_of_it() -> None:
    """Where both are there, they were thought of apart."""
    found = derived(get_resolver().url_patterns)
    both = found.keys() & WRITTEN.keys()
    assert len(both) > 50
    desks = {name for name in both if isinstance(found[name].rule, Desk)}
    assert {name for name in desks if found[name].rule != WRITTEN[name].rule} == set()
    sent = {name for name in both if found[name].post}
    assert {
        name for name in sent if not (WRITTEN[name].post or WRITTEN[name].answer == 405)
    } == set()
    assert len(desks) > 20
    assert len(sent) > 5


def may(name: str, rule: str | Desk, desk: Desk, user: User, operation: Operation) -> bool:
    """Whether the matrix lets in somebody who works at a desk."""
    if rule == ASKED:
        return charter_lets(name, user)
    administers = user == operation.desks[Desk.ADMINISTRATION]
    by_name = {
        SIGNED_IN: True,
        WORKING: desk in AT_WORK and user != operation.supervisor,
        OFFICERS: user == operation.officer,
        ADMINISTRATORS: administers,
        MANAGERS: administers or user == operation.supervisor,
        SUPERVISORS: user == operation.supervisor,
        FINDERS: desk in (Desk.RECEPTION, *AT_WORK),
        COUNTERS: desk in (Desk.REPORTING, Desk.COORDINATION) or user == operation.supervisor,
        WATCHERS: user == operation.supervisor,
        FOCAL_POINTS: False,
        REGISTERS: desk in (Desk.ADMINISTRATION, Desk.COORDINATION),
        FILLING: desk in (Desk.RECEPTION, Desk.PROTECTION) and user != operation.partner,
    }
    return by_name.get(rule, rule == desk)


def charter_lets(name: str, user: User) -> bool:
    """Whether the charter lets somebody do what the view of an address asks."""
    arguments = ARGUMENTS.get(name, ())
    asked = asked_by(resolve(reverse(name, args=arguments)).func)
    assert asked, f"{name} asks nothing"
    actor = actor_of(user, stepped_up_at=clock.now())
    return all(each.allows(actor, *arguments) for each in asked)


def staff(operation: Operation) -> list[tuple[Desk, User]]:
    """Everybody with a role, and where they work."""
    return [
        *operation.desks.items(),
        (Desk.PROTECTION, operation.colleague),
        (Desk.PROTECTION, operation.supervisor),
        (Desk.PROTECTION, operation.partner),
        (Desk.ADMINISTRATION, operation.officer),
    ]


@pytest.fixture
def operation(operation_of_module: Operation, db: None) -> Operation:
    """One for all of this module: its tests look at pages."""
    return operation_of_module


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_who_may(operation: Operation, name: str) -> None:
    check(operation, name, MATRIX[name])


def check(operation: Operation, name: str, rule: str | Desk) -> None:
    """Everybody at one URL: as the matrix says, and as the charter answers what the view asks."""
    url = reverse(name, args=ARGUMENTS.get(name, []))
    post = name in POST_ONLY

    def ask(client: Client) -> Any:
        if name == "files:upload":
            return client.head(url, headers=HEADERS)
        return (client.post if post else client.get)(url, headers=HEADERS)

    everybody = list(User.objects.all())
    visitor = ask(Client())
    if rule in (DEVICES, ANYBODY):
        assert not asked_by(resolve(url).func), "a visitor is not asked about"
    if rule == DEVICES:
        clients = [Client(), *map(signed_in, everybody)]
        assert {ask(client).status_code for client in clients} == {401}
        return
    if rule == ANYBODY:
        assert visitor.status_code in (200, 302, 404, 405, 410)
        if visitor.status_code == 302:
            # What is open to anybody leads to where it leads, not to sign-in first.
            assert "next=" not in visitor.headers["Location"]
        return
    assert visitor.status_code == 302
    response = Client().get(url)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("accounts:sign_in"))
    by_matrix = answers_by_matrix(operation, name, rule)
    assert set(by_matrix) <= set(everybody)
    for user in everybody:
        client = signed_in(user)
        found = ask(client).status_code
        # Somebody of whom the matrix says nothing is answered as the charter says.
        assert found == by_matrix.get(user, found), f"{user.username} at {name}: {found}"
        if found == NOT_READ:
            found = client.post(url).status_code
        as_the_charter_says(user, name, found)


def answers_by_matrix(operation: Operation, name: str, rule: str | Desk) -> dict[User, int]:
    """What everybody with a role at a desk, and who has none, is answered."""
    good = ANSWER.get(name, 200)
    answers = {
        user: good if may(name, rule, desk, user, operation) else 403
        for desk, user in staff(operation)
    }
    outsider = operation.outsider
    welcome = rule == SIGNED_IN or (rule == ASKED and charter_lets(name, outsider))
    return {**answers, outsider: good if welcome else 403}


def as_the_charter_says(user: User, name: str, found: int) -> None:
    """What a view says that it asks is what decides who gets in, and nothing else does."""
    arguments = ARGUMENTS.get(name, ())
    asked = asked_by(resolve(reverse(name, args=arguments)).func)
    if not asked:
        return
    actor = actor_of(user, stepped_up_at=clock.now())
    # What does not exist (404) is looked for after who may is decided.
    welcome = (200, 302, 404) if arguments else (200, 302)
    lets = all(each.allows(actor, *arguments) for each in asked)
    assert found in (welcome if lets else (403,)), f"{user.username} at {name}: {found}"


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """An installation with views more: two that ask nothing, one that says it asks and does not,
    and others that ask."""

    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse("whoever comes")

    def bare_too(request: HttpRequest) -> HttpResponse:
        return HttpResponse("whoever comes")

    def nothing(request: HttpRequest, reference: str, number: int) -> HttpResponse:
        return HttpResponse("there is none", status=404)

    module = ModuleType("planted_urls")
    vars(module)["urlpatterns"] = [
        *import_module(settings.ROOT_URLCONF).urlpatterns,
        path("bare/", bare, name="bare"),
        path("open/", login_not_required(bare_too), name="open"),
        path("says/", declare_permission(*MANAGE)(bare), name="says"),
        path("desk/", at_desk(Desk.PROTECTION)(bare), name="desk"),
        path("asks/", require_permission(*MANAGE)(bare), name="asks"),
        path(
            "takes/<str:reference>/<int:number>/",
            require_permission(*MANAGE)(nothing),
            name="takes",
        ),
        path("sent/", require_POST(require_permission(*MANAGE)(bare)), name="sent"),
    ]
    monkeypatch.setitem(sys.modules, "planted_urls", module)
    settings.ROOT_URLCONF = "planted_urls"


@pytest.mark.usefixtures("planted")
def test_an_unknown_url_is_found() -> None:
    assert unsaid(get_resolver().url_patterns, WRITTEN) == {"bare", "open"}


@pytest.mark.usefixtures("planted")
def test_nothing_has_to_be_written_of_a_new_view_that_asks() -> None:
    found = derived(get_resolver().url_patterns)
    assert found["desk"] == Url(Desk.PROTECTION)
    assert found["asks"] == Url(ASKED)
    assert found["takes"] == Url(ASKED, (*FILE, "1"), answer=404)
    assert found["sent"] == Url(ASKED, post=True)


@pytest.mark.usefixtures("planted")
def test_a_new_view_that_asks_is_held_against_what_it_asks(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = derived(get_resolver().url_patterns)
    monkeypatch.setitem(ARGUMENTS, "takes", found["takes"].args)
    monkeypatch.setitem(ANSWER, "takes", found["takes"].answer)
    for name in ("desk", "asks", "takes"):
        check(operation, name, found[name].rule)


@pytest.mark.usefixtures("planted")
@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("says", ASKED),
        ("desk", Desk.RECEPTION),
        ("open", SIGNED_IN),
        ("bare", Desk.PROTECTION),
        ("bare", ADMINISTRATORS),
        ("bare", OFFICERS),
    ],
)
def test_a_view_without_a_check_is_found(operation: Operation, name: str, rule: str | Desk) -> None:
    with pytest.raises(AssertionError):
        check(operation, name, rule)
