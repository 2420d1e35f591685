import django.db.models.deletion
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
            name="Deadline",
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
                ("kind", models.CharField(max_length=100)),
                ("subject", models.UUIDField()),
                ("responsible", models.UUIDField(null=True)),
                ("due_at", models.DateTimeField()),
                ("ladder", models.JSONField(default=list)),
                ("next_step_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("met", "met"), ("withdrawn", "withdrawn")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="deadlines.deadline",
                    ),
                ),
            ],
            options={
                "verbose_name": "deadline",
                "verbose_name_plural": "deadlines",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["due_at"],
                        name="deadlines_open",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["next_step_at"],
                        name="deadlines_next_step",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["responsible", "due_at"],
                        name="deadlines_whose",
                    ),
                    models.Index(fields=["subject"], name="deadlines_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("kind", "subject"),
                        name="deadlines_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "open")),
                            models.Q(
                                ("ended_at__isnull", False), ("state__in", ["met", "withdrawn"])
                            ),
                            _connector="OR",
                        ),
                        name="deadlines_ended_when_closed",
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
                        name="deadlines_deadline_owned",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepReached",
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
                ("step", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("reached_at", models.DateTimeField()),
                (
                    "deadline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="deadlines.deadline",
                    ),
                ),
            ],
            options={
                "verbose_name": "step reached",
                "verbose_name_plural": "steps reached",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("deadline", "step"), name="deadlines_step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reached_at__gte", models.F("at"))),
                        name="deadlines_step_not_early",
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
                        name="deadlines_step_owned",
                    ),
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Deadline",
            owner="organisation",
            kind="",
            object_key="about_id",
            kind_key="about_kind",
            unowned=True,
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="StepReached",
            owner="organisation",
            kind="",
            object_key="about_id",
            kind_key="about_kind",
            unowned=True,
        ),
    ]
