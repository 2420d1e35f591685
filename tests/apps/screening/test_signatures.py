"""Two people sign for a list of questions on its page, and either stops it alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from marfa.apps.manifest import Desk
from marfa.apps.screening import instruments
from marfa.apps.screening.models import ListSignature
from marfa.domain.message import InputError
from marfa.platform import clock
from tests.apps.screening.signed import sign_by_two, sign_on_page
from tests.conftest import Operation, signed_in
from tests.methods.screening.own_lists.made import NAME, sign, write_list

pytestmark = pytest.mark.django_db
PAGE = reverse("lists:one", args=[NAME])


@pytest.fixture(autouse=True)
def folder() -> Iterator[Path]:
    found = instruments.own_folder()
    assert not found.exists()
    write_list(found)
    yield found
    shutil.rmtree(found)


def is_used() -> bool:
    try:
        instruments.instrument_panel(NAME)
    except InputError:
        return False
    return True


def test_two_people_and_no_file(operation: Operation, folder: Path) -> None:
    chief, supervisor = operation.at(Desk.ADMINISTRATION), signed_in(operation.supervisor)
    sign(folder)
    assert not is_used(), "what a file says of signatures does not count"
    assert sign_on_page(chief, NAME, accepted="") == 422
    assert sign_on_page(chief, NAME, seen="0" * 64) == 422
    assert not ListSignature.objects.exists()
    assert sign_on_page(chief, NAME) == 302
    assert sign_on_page(chief, NAME) == 422, "one's own second signature"
    assert not is_used()
    assert sign_on_page(supervisor, NAME) == 302
    assert is_used()


@pytest.mark.parametrize("desk", [Desk.ADMINISTRATION, Desk.RECEPTION])
def test_either_stops_it_alone(operation: Operation, desk: Desk) -> None:
    """The control is an officer at reception, who may neither sign nor stop."""
    sign_by_two(operation, NAME)
    assert is_used()
    answer = operation.at(desk).post(PAGE, {"do": "stop"})
    assert answer.status_code == (302 if desk == Desk.ADMINISTRATION else 403)
    assert is_used() is (desk != Desk.ADMINISTRATION)


def test_a_changed_word_is_signed_anew(operation: Operation, folder: Path) -> None:
    sign_by_two(operation, NAME)
    write_list(folder, "Is there anything that you would like us to know?")
    assert not is_used()
    sign_by_two(operation, NAME)
    assert is_used()


def test_a_signature_ends(operation: Operation) -> None:
    sign_by_two(operation, NAME)
    with clock.set_to(clock.now() + timedelta(days=364)):
        assert is_used()
    with clock.set_to(clock.now() + timedelta(days=367)):
        assert not is_used()


def test_a_guest_signs_nothing(operation: Operation) -> None:
    client = signed_in(operation.partner)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"do": "sign"}).status_code == 403
