"""What was done is said in words, in both languages, for each action that can write an entry."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from marfa.apps.accounts.models import User
from marfa.apps.log.action_words import ACTIONS, action_choices, words_of
from marfa.apps.log.reasons import why_of
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import block_account
from marfa.apps.organisations.demo import OFFICER
from marfa.apps.organisations.queries import actor_of
from marfa.domain.codelists import codelist
from marfa.safeguards.audit.encoding import ACTION
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.schema_reader import declared_schema
from tests.conftest import Operation, signed_in

SOURCE = Path(str(files("marfa")))
ASKED_BY_NOBODY = {
    *("accounts.signed_in", "accounts.passkey_doubted", "accounts.sign_in_refused", "desks.add"),
    *("facts.export", "lan.renew", "log.fork", "people.sought"),
    *("vault.erase", "vault.erase_again", "vault.list_lost"),
}
"""Some that no policy decides, each written in another way: what the search below must find."""


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _codes(call: ast.Call, known: dict[str, str]) -> Iterator[str]:
    """The action that a call names, as a text or as a constant of its module."""
    given = [each.value for each in call.keywords if each.arg in ("action", "code")]
    for each in [*call.args[:1], *given]:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
        elif isinstance(each, ast.Name) and each.id in known:
            yield known[each.id]


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def _makers(trees: list[ast.Module]) -> set[str]:
    """``Event``, and the functions that make one of an action which they are given."""
    return {
        "Event",
        *(
            function.name
            for tree in trees
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
            for call in ast.walk(function)
            if isinstance(call, ast.Call) and _called(call) == "Event"
            for given in call.keywords
            if given.arg == "action" and isinstance(given.value, ast.Name)
        ),
    }


def written_without_a_policy() -> set[str]:
    """The actions of entries that are made where the charter is not asked."""
    trees = [ast.parse(file.read_text("utf-8")) for file in sorted(SOURCE.rglob("*.py"))]
    makers = {*_makers(trees), "replace"}
    return {
        code
        for tree in trees
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _called(call) in makers
        for code in _codes(call, _constants(tree))
        if ACTION.fullmatch(code) and "." in code
    }


def test_each_action_that_can_write_an_entry_has_words() -> None:
    found = written_without_a_policy()
    assert found >= ASKED_BY_NOBODY, "the search finds what is written in each of these ways"
    assert {*declared_schema().actions, *found} - set(ACTIONS) == set()


def test_no_two_actions_are_said_alike() -> None:
    for language in ("en", "ar"):
        with translation.override(language):
            words = [said for _code, said in action_choices()]
            assert len(words) == len(set(words))


def test_each_has_its_own_arabic() -> None:
    with translation.override("ar"):
        assert [code for code in ACTIONS if words_of(code).isascii()] == []


def test_an_action_of_an_older_release_keeps_its_code() -> None:
    assert words_of("people.no_longer_done") == "people.no_longer_done"


@pytest.fixture
def officer(operation: Operation) -> Client:
    return signed_in(User.objects.get(username=OFFICER))


def rows_of(client: Client, **asked: str) -> str:
    """The rows of the list: the choices of its filters name each action too."""
    page = client.post(reverse("log:search"), asked, follow=True).content.decode()
    return page.partition("<tbody")[2].partition("</tbody>")[0]


def test_the_page_says_who_did_what_and_what_for(operation: Operation, officer: Client) -> None:
    administrator = operation.desks[Desk.ADMINISTRATION]
    operation.at(Desk.ADMINISTRATION).post(reverse("log:export"), {"kind": "csv"})
    shown = rows_of(officer, action="log.export", outcome="denied")
    assert administrator.display_name in shown
    assert administrator.reference in shown
    assert "Export the log" in shown
    assert codelist("purposes").label("data_protection", "en") in shown


def test_why_says_the_reason_that_has_a_code(operation: Operation) -> None:
    entry = Entry(
        action="privacy.hold", purpose="data_protection", detail='{"reason":"court_order"}'
    )
    with translation.override("ar"):
        assert why_of(entry).endswith(codelist("hold_reasons").label("court_order", "ar"))
    entry.detail, entry.purpose = '{"reason":"of_another_list"}', "of_an_older_release"
    assert why_of(entry) == "of_an_older_release"


def test_whose_account_it_was_is_named(operation: Operation, officer: Client) -> None:
    blocked = operation.desks[Desk.RECEPTION]
    administrator = operation.desks[Desk.ADMINISTRATION]
    block_account(actor=actor_of(administrator), user=blocked)
    shown = rows_of(officer, action="users.block")
    assert administrator.display_name in shown
    assert blocked.display_name in shown


def test_what_has_a_code_stands_in_the_address_and_what_is_typed_does_not(
    operation: Operation, officer: Client
) -> None:
    worker = operation.desks[Desk.PROTECTION]
    there = reverse("log:search")
    led = officer.post(there, {"action": "log.read", "period": "week"})
    assert led.status_code == 302
    assert led["Location"] == f"{there}?action=log.read&period=week"
    typed = officer.post(there, {"action": "log.read", "actor": worker.username})
    assert typed.status_code == 200
    unknown = officer.post(there, {"action": worker.username})
    assert unknown.status_code == 200
    assert "Part of this address is not available here" in unknown.content.decode()
