import django.db.models.deletion
import marfa.domain.ids
import marfa.platform.rowsecurity.operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("receiving", "Receiving"),
                            ("quarantined", "Quarantined"),
                            ("accepted", "Accepted"),
                            ("refused", "Refused"),
                        ],
                        default="receiving",
                        max_length=20,
                    ),
                ),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                ("received", models.BigIntegerField(default=0)),
                (
                    "blob",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("wrapped_key", models.BinaryField(null=True)),
                ("key_version", models.PositiveIntegerField()),
                ("name", models.BinaryField()),
                ("tail", models.BinaryField(default=b"")),
                ("digest", models.BinaryField(null=True)),
                ("refusal", models.JSONField(null=True)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "uploader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "changed_at"], name="files_state_changed")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("received__gte", 0), ("received__lte", models.F("size"))
                        ),
                        name="files_received_within_size",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("received__lt", models.F("size")), ("state", "receiving")),
                            models.Q(
                                ("received", models.F("size")),
                                ("state__in", ["quarantined", "accepted"]),
                            ),
                            ("state", "refused"),
                            _connector="OR",
                        ),
                        name="files_state_fits_received",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("refusal__isnull", False),
                                ("state", "refused"),
                                ("wrapped_key", None),
                            ),
                            models.Q(
                                models.Q(("state", "refused"), _negated=True),
                                ("wrapped_key__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="files_refused_without_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True),
                            ("digest__isnull", False),
                            _connector="OR",
                        ),
                        name="files_accepted_with_digest",
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
                        name="files_file_owned",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Derivative",
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
                ("kind", models.CharField(choices=[("preview", "Preview")], max_length=20)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                (
                    "blob",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("isolated", models.BooleanField()),
                ("created_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="derivatives",
                        to="files.storedfile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("file", "kind"), name="files_one_derivative_a_kind"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Usage",
            fields=[
                ("holder", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("bytes", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("bytes__gte", 0)), name="files_usage_not_negative"
                    )
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="StoredFile",
            owner="organisation",
            kind="",
            object_key="about_id",
            kind_key="about_kind",
            unowned=True,
        ),
    ]
