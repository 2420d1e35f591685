import marfa.platform.migration.guards
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "place",
                    models.BigIntegerField(editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField(editable=False)),
                ("action", models.CharField(editable=False, max_length=100)),
                ("actor_id", models.UUIDField(editable=False)),
                ("actor_kind", models.CharField(editable=False, max_length=10)),
                ("subject_id", models.UUIDField(editable=False, null=True)),
                ("object_kind", models.CharField(blank=True, editable=False, max_length=100)),
                ("object_id", models.UUIDField(editable=False, null=True)),
                ("purpose", models.CharField(editable=False, max_length=30)),
                ("outcome", models.CharField(editable=False, max_length=10)),
                ("organisation_id", models.UUIDField(editable=False, null=True)),
                ("policies", models.TextField(blank=True, editable=False)),
                ("rows", models.BigIntegerField(default=1, editable=False)),
                ("rows_root", models.BinaryField(null=True)),
                ("detail", models.TextField(default="{}", editable=False)),
                ("previous", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "verbose_name": "log entry",
                "verbose_name_plural": "log entries",
                "indexes": [
                    models.Index(fields=["at", "place"], name="audit_by_time"),
                    models.Index(fields=["actor_id", "at", "place"], name="audit_by_actor"),
                    models.Index(
                        condition=models.Q(("subject_id__isnull", False)),
                        fields=["subject_id", "at", "place"],
                        name="audit_by_subject",
                    ),
                    models.Index(
                        condition=models.Q(("object_id__isnull", False)),
                        fields=["object_id", "at", "place"],
                        name="audit_by_object",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("place__gte", 0), ("rows__gte", 0)),
                        name="audit_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["done", "denied", "failed"])),
                        name="audit_outcome_known",
                    ),
                ],
            },
        ),
        marfa.platform.migration.guards.RaiseGuards(
            model_name="Entry",
            statements="marfa.safeguards.audit.guards",
        ),
    ]
