"""That somebody is protected has a row of its own, with its reason and a day on which it is looked
at again."""

from datetime import timedelta
from uuid import UUID

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import marfa.domain.ids
import marfa.safeguards.vault.fields
from marfa.platform import clock
from marfa.platform.rowsecurity.operations import ProtectRows, RunOverAllRows

SOON = timedelta(days=30)
NOBODY_KNOWN = UUID(int=0)


def of_who_is_protected(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Who was protected before stays so, to be looked at soon: why was never written down."""
    made = apps.get_model("people", "Protection").objects
    for person in apps.get_model("people", "Person").objects.filter(protected=True).iterator():
        made.create(
            organisation_id=person.organisation_id,
            person_id=person.pk,
            began_at=person.protected_at,
            began_by=NOBODY_KNOWN,
            review_on=clock.now().date() + SOON,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0005_owner_of_the_opened"),
        ("people", "0005_one_kind_of_notice"),
    ]

    operations = [
        migrations.CreateModel(
            name="Protection",
            fields=[
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("reason", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("began_at", models.DateTimeField(verbose_name="protected since")),
                ("began_by", models.UUIDField(editable=False)),
                ("review_on", models.DateField(verbose_name="looked at again by")),
                ("asked_at", models.DateTimeField(null=True)),
                ("asked_by", models.UUIDField(editable=False, null=True)),
                ("asked_why", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("ended_by", models.UUIDField(editable=False, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "protection of a person",
                "verbose_name_plural": "protections of persons",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("organisation", "person"),
                        name="people_protected_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(
                                ("asked_by__isnull", False),
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                models.Q(("ended_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="people_protection_ended_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_at", None), ("asked_by", None)),
                            models.Q(("asked_at__isnull", False), ("asked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="people_protection_asked_by_one",
                    ),
                ],
            },
        ),
        ProtectRows("protection", owner="organisation", kind="Person", object_key="person"),
        RunOverAllRows(of_who_is_protected, migrations.RunPython.noop),
    ]
