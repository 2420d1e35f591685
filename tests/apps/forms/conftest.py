"""What the tests of forms share: a form of the controller, published."""

from __future__ import annotations

from pathlib import Path

import pytest

from marfa.apps.forms.models import FormDefinition, FormVersion
from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import actor_of
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from tests.conftest import Operation
from tests.safeguards.vault.conftest import erased as erased

XFORM = (Path(__file__).parent / "arrival.xml").read_text(encoding="utf-8")


@pytest.fixture
def form(operation: Operation) -> FormDefinition:
    """A short form, open to outside apps."""
    with every_organisation():
        return FormDefinition.objects.create(
            organisation=operation.controller,
            form_id="arrival",
            titles={"en": "Arrival", "ar": "وصول"},
            purpose="registration",
            sensitive=False,
            open_to_apps=True,
            created_at=clock.now(),
        )


@pytest.fixture
def version(form: FormDefinition) -> FormVersion:
    """Its first version, published."""
    import hashlib

    with every_organisation():
        return FormVersion.objects.create(
            id=new_id(),
            organisation=form.organisation,
            form=form,
            version="2026010101",
            xml=XFORM,
            md5=hashlib.md5(XFORM.encode(), usedforsecurity=False).hexdigest(),
            source_sha256="0" * 64,
            languages=["en", "ar"],
            added_at=clock.now(),
            published_at=clock.now(),
        )


@pytest.fixture
def officer(operation: Operation) -> Actor:
    """Somebody of reception."""
    return actor_of(operation.desks[Desk.RECEPTION])


@pytest.fixture
def supervisor(operation: Operation) -> Actor:
    """Their supervisor."""
    return actor_of(operation.supervisor)
