"""Whoever serves a person's rights names them as the person does: by code, or by reference."""

from __future__ import annotations

from uuid import UUID

import pytest

from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.models import Site
from marfa.apps.privacy.access import answer_access
from marfa.apps.privacy.actions import place_hold, receive_request
from marfa.apps.privacy.erasure import preview_erasure
from marfa.apps.privacy.queries import subject_named, subjects_on_hold, utc_today
from marfa.apps.registry.models import Person
from marfa.domain.codes import format_code
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.models import Erasure
from tests.apps.registry.full_record import a_person, everything_about, key_of
from tests.conftest import Operation
from tests.support.by_two import erase_by_two

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(operation: Operation) -> Person:
    """Somebody who is protected, with a row in every table."""
    with every_organisation(), open_vault():
        made = everything_about(site_of(operation.controller.pk))
        Person.objects.filter(pk=key_of(made)).update(protected=True, protected_at=clock.now())
        return Person.objects.get(pk=key_of(made))


def site_of(organisation: UUID) -> Site:
    return Site.objects.filter(organisation=organisation).order_by("created_at", "pk")[0]


def refusal(text: str) -> str:
    with pytest.raises(InputError) as raised:
        subject_named(text)
    (problem,) = raised.value.problems
    assert problem.place.field == "SUBJECT"
    return problem.message.code


def test_a_person_is_named_by_code_and_by_reference(person: Person) -> None:
    spoken = format_code(person.code)
    for text in (
        *(person.code, spoken, f" {spoken.replace(chr(0xA0), ' ')} ", spoken.replace(" ", "-")),
        *(format_code(person.code, script="arab"), person.reference, person.reference.upper()),
        str(person.pk),
    ):
        assert subject_named(text) == person.pk, text


@pytest.mark.parametrize("name", ["code", "reference"])
def test_their_rights_are_served_by_that_name(person: Person, name: str) -> None:
    def key() -> UUID:
        return subject_named(getattr(person, name))

    assert answer_access(actor=by_command(), subject=key(), language="en").sections
    asked = receive_request(
        actor=by_command(), subject=key(), kind="erasure", received_on=utc_today()
    )
    assert asked.subject == person.pk
    hold = place_hold(actor=by_command(), subject=key(), reason="safety", until=utc_today())
    assert subjects_on_hold([person.pk]) == {person.pk}
    hold.delete()
    assert preview_erasure(key()).tables["registry.Person"] == 1
    erase_by_two(actor=by_command(), subject=key())
    assert refusal(getattr(person, name)) == "apps.privacy:subject-unknown"
    assert refusal(str(person.pk)) == "apps.privacy:subject-unknown"


def test_what_was_mistyped_names_nobody(person: Person) -> None:
    """Else an erasure, or a hold, of nobody would be told as one of the person."""
    last = int(person.code[-1])
    assert refusal(f"{person.code[:-1]}{(last + 1) % 10}") == "domain:code-check-digit"
    assert refusal(person.code[:-1]) == "domain:code-length"
    wrong = UUID(int=person.pk.int ^ 1)
    assert refusal(str(wrong)) == "apps.privacy:subject-unknown"
    assert refusal("nobody of this name") == "apps.privacy:subject-unknown"
    assert not Erasure.objects.exists()


def test_a_code_that_two_organisations_gave_names_neither(
    person: Person, operation: Operation
) -> None:
    with every_organisation():
        other = a_person(site_of(operation.controller.pk))
        other.organisation, other.site, other.code = operation.guest, None, person.code
        other.save(force_insert=True)
    assert refusal(person.code) == "apps.privacy:subject-several"
    assert subject_named(other.reference) == other.pk
