"""What the tables of forms hold by themselves."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from marfa.apps.forms.models import FormDefinition, FormVersion, Submission
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.fields.footprint import footprint_of
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.errors import VaultClosedError
from marfa.safeguards.vault.fields import Content

pytestmark = pytest.mark.django_db


def came(version: FormVersion, **values: object) -> Submission:
    row = Submission(
        organisation=version.organisation,
        form=version.form,
        version=version,
        instance=new_id(),
        subject=new_id(),
        xml=Content(b"<data/>"),
        sha256="0" * 64,
        way="openrosa",
        received_at=clock.now(),
    )
    for name, value in values.items():
        setattr(row, name, value)
    with open_vault():
        row.save(force_insert=True)
    return row


def test_what_came_is_sealed_and_opens_as_it_was(version: FormVersion) -> None:
    content = "<data>\ufeffسلمى</data>".encode("utf-16")
    with every_organisation():
        row = came(version, xml=Content(content))
        stored = Submission.objects.filter(pk=row.pk).values_list("xml", flat=True).get()
        assert b"data" not in bytes(stored)
        again = Submission.objects.get(pk=row.pk)
        with pytest.raises(VaultClosedError):
            _ = again.xml
        with open_vault():
            assert again.xml == Content(content)


def test_one_submission_an_instance(version: FormVersion) -> None:
    with every_organisation():
        row = came(version)
        with pytest.raises(IntegrityError), transaction.atomic():
            came(version, instance=row.instance)


def test_what_is_sensitive_is_not_open_to_apps(form: FormDefinition) -> None:
    form.sensitive = True
    with every_organisation(), pytest.raises(IntegrityError), transaction.atomic():
        form.save()


def test_it_is_found_by_its_subject(version: FormVersion) -> None:
    with every_organisation():
        row, other = came(version), came(version)
        found = footprint_of(row.subject)
    assert found.of("forms.Submission") == {row.pk}
    assert other.pk not in found.keys
