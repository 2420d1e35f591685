import django.db.models.deletion
import marfa.domain.ids
import marfa.platform.rowsecurity.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
        ("sealed", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SealedNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("code", models.CharField(max_length=12, verbose_name="protected code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("identity", "true identity"),
                            ("testimony", "testimony"),
                            ("informant", "informant"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="note",
                        to="sealed.sealedrecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "sealed note",
                "verbose_name_plural": "sealed notes",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "code"), name="sealed_records_code_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["identity", "testimony", "informant"])),
                        name="sealed_records_kind_known",
                    ),
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="SealedNote",
            owner="organisation",
            kind="SealedRecord",
            object_key="record",
        ),
    ]
