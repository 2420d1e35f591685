import django.db.models.deletion
import marfa.domain.ids
import marfa.safeguards.vault.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Incident",
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
                ("kind", models.CharField(max_length=30, verbose_name="what happened")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("contained", "contained"),
                            ("told", "data-protection authority told"),
                            ("closed", "closed"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("noticed_at", models.DateTimeField(verbose_name="noticed")),
                ("began_at", models.DateTimeField(null=True, verbose_name="from")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="until")),
                ("account", models.UUIDField(editable=False, null=True)),
                (
                    "due_at",
                    models.DateTimeField(verbose_name="tell the data-protection authority by"),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded on")),
                ("recorded_by", models.UUIDField(editable=False)),
                ("contained_at", models.DateTimeField(null=True, verbose_name="contained")),
                (
                    "told_at",
                    models.DateTimeField(null=True, verbose_name="data-protection authority told"),
                ),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
            ],
            options={
                "verbose_name": "data incident",
                "verbose_name_plural": "data incidents",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "lost_device",
                                    "unauthorised_access",
                                    "coerced_staff",
                                    "wrong_recipient",
                                    "published_by_mistake",
                                    "lost_backup",
                                    "ransomware",
                                    "changed_or_destroyed",
                                ),
                            )
                        ),
                        name="incidents_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__gte", models.F("began_at"))),
                        name="incidents_end_after_begin",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True), ("closed_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="incidents_closed_with_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
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
                ("text", marfa.safeguards.vault.fields.VaultTextField(verbose_name="note")),
                ("written_at", models.DateTimeField(verbose_name="written")),
                ("written_by", models.UUIDField(editable=False)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
            },
        ),
    ]
