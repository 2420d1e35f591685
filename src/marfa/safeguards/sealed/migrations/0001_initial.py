import django.db.models.deletion
import marfa.domain.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SealedRecord",
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
                ("kind", models.CharField(max_length=40)),
                ("subject", models.UUIDField(blank=True, db_index=True, null=True)),
                ("content", models.BinaryField()),
                ("generation", models.PositiveIntegerField(default=1)),
                ("sealed_by", models.UUIDField()),
                ("sealed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="UnlockedSession",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("staff", models.UUIDField(db_index=True)),
                ("generation", models.PositiveIntegerField()),
                ("half", models.BinaryField()),
                ("wrapped", models.BinaryField()),
                ("used_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="KeyHolder",
            fields=[
                ("staff", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("public_key", models.BinaryField(max_length=32)),
                ("lock", models.JSONField()),
                ("generation", models.PositiveIntegerField(default=1)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("generation__gte", 1)), name="sealed_generation_from_1"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningRequest",
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
                ("purpose", models.CharField(max_length=40)),
                (
                    "reason_code",
                    models.CharField(
                        choices=[
                            ("person_asked", "The person asked for it"),
                            ("danger", "Someone is in danger"),
                            ("best_interests", "The best interests of a child"),
                            ("assistance", "Help cannot be given without it"),
                            ("proceedings", "A court or counsel needs it, with consent"),
                            ("correction", "Something in it has to be corrected"),
                            ("new_holders", "Other people need to be able to open it"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.BinaryField()),
                ("reason_boxes", models.JSONField()),
                ("new_holders", models.JSONField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waiting for a second person"),
                            ("approved", "can be opened"),
                            ("opened", "was opened"),
                            ("declined", "was declined"),
                            ("withdrawn", "was withdrawn"),
                        ],
                        default="asked",
                        max_length=12,
                    ),
                ),
                ("asked_by", models.UUIDField(db_index=True)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("answered_by", models.UUIDField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("approval", models.BinaryField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requests",
                        to="sealed.sealedrecord",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "expires_at"], name="sealed_requests_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_by", None),
                            models.Q(("answered_by", models.F("asked_by")), _negated=True),
                            models.Q(("state__in", ["approved", "opened"]), _negated=True),
                            _connector="OR",
                        ),
                        name="sealed_two_different_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "opened"]), _negated=True),
                            models.Q(
                                ("answered_at__isnull", False), ("answered_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="sealed_opened_only_if_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approval", None), ("state", "approved"), _connector="OR"
                        ),
                        name="sealed_approval_only_while_used",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("asked_at"))),
                        name="sealed_request_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["asked", "approved", "opened", "declined", "withdrawn"])
                        ),
                        name="sealed_request_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Share",
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
                ("staff", models.UUIDField(db_index=True)),
                ("place", models.PositiveSmallIntegerField()),
                ("box", models.BinaryField()),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="sealed.sealedrecord",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record", "staff"), name="sealed_one_share_a_person"
                    ),
                    models.UniqueConstraint(
                        fields=("record", "place"), name="sealed_one_share_a_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__gte", 1), ("place__lte", 255)),
                        name="sealed_share_place",
                    ),
                ],
            },
        ),
    ]
