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
            name="Draft",
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
                ("form", models.CharField(editable=False, max_length=100)),
                ("subject", models.CharField(blank=True, editable=False, max_length=36)),
                ("base_version", models.PositiveIntegerField(editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("sealed", models.BinaryField()),
                ("saved_at", models.DateTimeField(editable=False)),
                ("expires_at", models.DateTimeField(db_index=True, editable=False)),
                (
                    "user",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "form", "subject"), name="revisions_one_draft"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("saved_at"))),
                        name="revisions_draft_expires",
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
                        name="revisions_draft_owned",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
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
                ("model", models.CharField(editable=False, max_length=100)),
                ("object_id", models.UUIDField(editable=False)),
                ("version", models.PositiveIntegerField(editable=False)),
                ("field", models.CharField(editable=False, max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("created", "created"),
                            ("changed", "changed"),
                            ("set_aside", "set aside"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("before", models.JSONField(editable=False, null=True)),
                ("after", models.JSONField(editable=False, null=True)),
                ("at", models.DateTimeField(editable=False)),
                ("purpose", models.CharField(editable=False, max_length=60)),
                ("action", models.CharField(editable=False, max_length=60)),
                (
                    "actor",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "revision",
                "verbose_name_plural": "revisions",
                "indexes": [
                    models.Index(fields=["object_id", "version"], name="revisions_of_object")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "set_aside"), _negated=True),
                        fields=("object_id", "model", "version", "field"),
                        name="revisions_field_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["created", "changed", "set_aside"])),
                        name="revisions_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="revisions_from_one"
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
                        name="revisions_revision_owned",
                    ),
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Draft",
            owner="organisation",
            kind="",
            object_key="about_id",
            kind_key="about_kind",
            unowned=True,
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Revision",
            owner="organisation",
            kind="",
            object_key="about_id",
            kind_key="about_kind",
            unowned=True,
        ),
    ]
