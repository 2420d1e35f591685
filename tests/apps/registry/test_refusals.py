"""What the charter refuses about a person, asked of an action that writes nothing sealed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions.base import must_write
from marfa.apps.registry.actions.person import doubt_age
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
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


def refused_to_write(actor: Actor, person: Person, purpose: Purpose, field: str) -> set[str]:
    with pytest.raises(DeniedError) as denied:
        must_write(actor, purpose, PERSON.resource(person), Person, [field])
    return set(denied.value.decision.policies)


@pytest.mark.parametrize(
    ("field", "purpose", "policies"),
    [
        ("sex", Purpose.SANCTIONS, {"purpose.tier.coded", "purpose.as-collected"}),
        ("born", Purpose.STATISTICS, {"purpose.tier.personal", "purpose.as-collected"}),
        ("gender", Purpose.STATISTICS, {"purpose.tier.sensitive", "purpose.as-collected"}),
        ("sex", Purpose.TRACING, {"purpose.as-collected"}),
    ],
)
def test_a_field_is_written_for_its_purposes_alone(
    office: Office, field: str, purpose: Purpose, policies: set[str]
) -> None:
    assert refused_to_write(office.officer, office.person, purpose, field) >= policies
    must_write(
        office.officer, Purpose.REGISTRATION, PERSON.resource(office.person), Person, ["sex"]
    )


def test_who_administers_writes_nothing_and_who_protects_data_no_narrative(
    office: Office, operation: Operation
) -> None:
    administrator = actor_of(operation.desks[Desk.ADMINISTRATION])
    fields = (office.person, Purpose.SCREENING, "gender")
    assert "record.administrators-read-no-records" in refused_to_write(administrator, *fields)
    officer = actor_of(operation.officer)
    assert "record.data-protection-reads-no-narrative" in refused_to_write(officer, *fields)
    identity = "record.administrators-read-no-identity"
    assert identity in refused_by(office, Purpose.REGISTRATION, administrator)


@pytest.mark.parametrize("purpose", [Purpose.SANCTIONS, Purpose.SECURITY])
def test_nothing_is_written_for_sanctions_or_security(office: Office, purpose: Purpose) -> None:
    """Two prohibitions hold it, each by itself."""
    assert refused_by(office, purpose) == ("OP15.firewall.purpose", "purpose.identity")
    doubt_age(actor=office.officer, purpose=Purpose.REGISTRATION, person=office.person)
