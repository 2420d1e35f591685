import django.db.models.deletion
import marfa.domain.ids
import marfa.safeguards.vault.fields
from django.db import migrations, models

from marfa.platform.rowsecurity.operations import ProtectRows


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_wish"),
        ("organisations", "0005_owner_of_the_opened"),
        ("people", "0008_photograph"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForeignCase",
            fields=[
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
                ("source", models.CharField(max_length=80, verbose_name="organisation")),
                ("theirs", models.CharField(max_length=80, verbose_name="its reference")),
                ("said", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("read_at", models.DateTimeField(verbose_name="read in")),
                ("read_by", models.UUIDField(editable=False)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="foreign",
                        to="cases.case",
                    ),
                ),
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
                "verbose_name": "case of another organisation",
                "verbose_name_plural": "cases of other organisations",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "source", "theirs"), name="cases_foreign_once"
                    )
                ],
            },
        ),
        ProtectRows("foreigncase", owner="organisation", kind="Person", object_key="person"),
    ]
