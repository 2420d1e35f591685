import marfa.domain.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DataRequest",
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
                ("subject", models.UUIDField(editable=False)),
                ("kind", models.CharField(max_length=30, verbose_name="kind")),
                ("received_on", models.DateField(verbose_name="received")),
                ("due_on", models.DateField(verbose_name="due")),
                ("taken_by", models.UUIDField(editable=False)),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled")),
                ("outcome", models.CharField(blank=True, max_length=30, verbose_name="outcome")),
            ],
            options={
                "verbose_name": "data-subject request",
                "verbose_name_plural": "data-subject requests",
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at", None)),
                        fields=["due_on"],
                        name="privacy_due",
                    ),
                    models.Index(fields=["subject"], name="privacy_request_of_subject"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "access",
                                    "correction",
                                    "erasure",
                                    "restriction",
                                    "portability",
                                    "objection",
                                    "withdrawal",
                                ),
                            )
                        ),
                        name="privacy_request_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("received_on"))),
                        name="privacy_due_after_received",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_at", None)),
                            models.Q(
                                ("outcome__in", ("granted", "partly", "refused", "withdrawn")),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="privacy_settled_with_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
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
                ("subject", models.UUIDField(editable=False)),
                ("reason", models.CharField(max_length=30, verbose_name="reason")),
                ("placed_at", models.DateTimeField(verbose_name="placed")),
                ("placed_by", models.UUIDField(editable=False)),
                ("until", models.DateField(verbose_name="until")),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted")),
            ],
            options={
                "verbose_name": "hold on deletion",
                "verbose_name_plural": "holds on deletion",
                "indexes": [models.Index(fields=["subject"], name="privacy_hold_of_subject")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                (
                                    "court_order",
                                    "proceedings",
                                    "claim_of_the_person",
                                    "open_request",
                                    "safety",
                                    "missing_person",
                                    "incident",
                                ),
                            )
                        ),
                        name="privacy_hold_reason",
                    )
                ],
            },
        ),
    ]
