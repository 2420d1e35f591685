import django.db.models.deletion
import marfa.domain.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recipient",
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
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                (
                    "mail",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="address of the office"
                    ),
                ),
                (
                    "age_key",
                    models.CharField(
                        blank=True, default="", max_length=100, verbose_name="public key"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="recorded on")),
                ("created_by", models.UUIDField(editable=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "guest",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="as_recipient",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "recipient",
                "verbose_name_plural": "recipients",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "protection",
                                    "health",
                                    "child_protection",
                                    "tracing",
                                    "justice",
                                    "financial_intelligence",
                                    "statistics",
                                ),
                            )
                        ),
                        name="agreements_recipient_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("guest__isnull", False), ("name", "")),
                            models.Q(("guest", None), models.Q(("name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="agreements_recipient_is_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataAgreement",
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
                ("purposes", models.JSONField(default=list, verbose_name="purposes")),
                ("onward", models.BooleanField(default=False, verbose_name="may pass it on")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("until", models.DateTimeField(verbose_name="until")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded on")),
                ("recorded_by", models.UUIDField(editable=False)),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="agreements.recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "agreement on data",
                "verbose_name_plural": "agreements on data",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("starts_at"))),
                        name="agreements_agreement_until_after_start",
                    )
                ],
            },
        ),
    ]
