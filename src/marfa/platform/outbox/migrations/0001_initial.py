import marfa.domain.ids
import marfa.platform.rowsecurity.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("organisation", models.UUIDField(editable=False, null=True)),
                (
                    "about_kind",
                    models.CharField(blank=True, default="", editable=False, max_length=60),
                ),
                ("about_id", models.UUIDField(editable=False, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("destination", models.CharField(max_length=40)),
                ("lane", models.UUIDField()),
                ("kind", models.CharField(max_length=100)),
                ("arguments", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sent", "sent"),
                            ("needless", "no longer needed"),
                            ("dead", "failed for good"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("run_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["destination", "lane", "id"],
                        name="outbox_waiting",
                    ),
                    models.Index(fields=["state", "ended_at"], name="outbox_by_end"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "sent", "needless", "dead"])),
                        name="outbox_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("about_id", None), ("about_kind", "")),
                            models.Q(
                                models.Q(("about_kind", ""), _negated=True),
                                ("about_id__isnull", False),
                                ("organisation__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="outbox_parcel_owned",
                    ),
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Parcel",
            owner="organisation",
            kind="",
            object_key="about_id",
            kind_key="about_kind",
            unowned=True,
        ),
    ]
