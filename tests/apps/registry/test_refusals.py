"""What the charter refuses about a person, asked of an action that writes nothing sealed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marfa.apps.organisations.administration import by_command
from marfa.apps.registry.actions.person import doubt_age
from marfa.apps.registry.models import Person
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose
from tests.apps.cases.office import Office
from tests.apps.registry.protection import protect
from tests.conftest import Operation

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def refused_by(office: Office, purpose: Purpose, actor: Actor | None = None) -> tuple[str, ...]:
    with pytest.raises(DeniedError) as denied:
        doubt_age(actor=actor or office.officer, purpose=purpose, person=office.person)
    return denied.value.decision.policies


def test_nothing_is_written_about_somebody_who_was_erased(office: Office) -> None:
    Person.objects.filter(pk=office.person.pk).update(erased_at=clock.now())
    office.person.refresh_from_db()
    assert refused_by(office, Purpose.REGISTRATION) == ("OP29.erased.is-nobody",)


def test_no_command_writes_about_somebody_who_is_protected(office: Office) -> None:
    hidden = "OP29.protected.hidden-from-machines"
    assert hidden not in refused_by(office, Purpose.REGISTRATION, by_command())
    protect(office.person)
    office.person.refresh_from_db()
    assert hidden in refused_by(office, Purpose.REGISTRATION, by_command())


@pytest.mark.parametrize("purpose", [Purpose.SANCTIONS, Purpose.SECURITY])
def test_nothing_is_written_for_sanctions_or_security(office: Office, purpose: Purpose) -> None:
    """Two prohibitions hold it, each by itself."""
    assert refused_by(office, purpose) == ("OP15.firewall.purpose", "purpose.identity")
    doubt_age(actor=office.officer, purpose=Purpose.REGISTRATION, person=office.person)
