"""Guests fill in the forms of their own organisation, never those of the controller, and judge
nothing there: as the charter says (``role.forms-fill``, ``role.forms-review``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.urls import reverse

from marfa.apps.forms.actions.decisions import accept_submission, set_aside
from marfa.apps.forms.actions.devices import connect_device, device_actor
from marfa.apps.forms.actions.submissions import receive_submission
from marfa.apps.forms.entry.queries import offered_to
from marfa.apps.forms.instances import read_told
from marfa.apps.forms.models import FormDefinition, FormVersion, Submission
from marfa.apps.forms.queries import offered_to_apps
from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import actor_of
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor, HeldRole
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Role
from tests.apps.forms.test_decisions import came
from tests.conftest import Operation, signed_in
from tests.contracts.openrosa.answers import arrival

CLEAN = arrival()
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def everywhere(operation: Operation) -> Iterator[None]:
    """As a test sees it; what keeps them apart here is the charter."""
    with every_organisation():
        yield


@pytest.fixture
def guest(operation: Operation) -> Actor:
    return actor_of(operation.partner)


def own_version(operation: Operation, version: FormVersion) -> FormVersion:
    """The same form as one of the guest's."""
    form = FormDefinition.objects.create(
        organisation=operation.guest,
        form_id=version.form.form_id,
        titles=version.form.titles,
        purpose=version.form.purpose,
        sensitive=False,
        open_to_apps=True,
        created_at=clock.now(),
    )
    return FormVersion.objects.create(
        organisation=operation.guest,
        form=form,
        version=version.version,
        xml=version.xml,
        md5=version.md5,
        source_sha256=version.source_sha256,
        languages=version.languages,
        added_at=clock.now(),
        published_at=clock.now(),
    )


def test_a_guest_sends_nothing_into_a_form_of_the_controller(
    operation: Operation, guest: Actor, version: FormVersion
) -> None:
    with pytest.raises(DeniedError):
        receive_submission(
            actor=guest, version=version, told=read_told(CLEAN), content=CLEAN, way="pages"
        )
    assert not Submission.objects.exists()
    assert not offered_to(guest).exists()
    browser = signed_in(operation.partner)
    for name in ("filling:choose", "forms:all", "forms:came"):
        assert browser.get(reverse(name)).status_code == 403


def test_a_guest_sends_forms_of_its_own_organisation(
    operation: Operation, guest: Actor, version: FormVersion
) -> None:
    own = own_version(operation, version)
    made = connect_device(
        actor=guest, user=operation.partner, organisation=operation.guest, label="Tablet"
    )
    known = device_actor(made.device.reference, made.password)
    assert known is not None
    device, sender = known
    assert list(offered_to_apps(device.organisation_id)) == [own]
    received = receive_submission(
        actor=sender, version=own, told=read_told(CLEAN), content=CLEAN, way="openrosa"
    )
    assert received.submission.organisation_id == operation.guest.pk


def test_a_guests_supervisor_judges_nothing_of_the_controller(
    operation: Operation, guest: Actor, version: FormVersion
) -> None:
    row = came(actor_of(operation.desks[Desk.RECEPTION]), version, CLEAN)
    boss = replace(guest, roles=frozenset({HeldRole(Role.SUPERVISOR, operation.guest.pk)}))
    for decide in (accept_submission, set_aside):
        with pytest.raises(DeniedError):
            decide(actor=boss, submission=row, sentence="It looks right")
    row.refresh_from_db()
    assert row.state == Submission.State.CHECKED
