import django.db.models.deletion
import marfa.domain.ids
import marfa.platform.rowsecurity.operations
import marfa.safeguards.vault.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("organisations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Device",
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
                ("label", models.CharField(max_length=60, verbose_name="name of the device")),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("made_at", models.DateTimeField(verbose_name="added")),
                ("last_used_on", models.DateField(null=True, verbose_name="last used")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="taken back")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="devices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "device",
                "verbose_name_plural": "devices",
            },
        ),
        migrations.CreateModel(
            name="FormDefinition",
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
                ("form_id", models.CharField(max_length=64, verbose_name="identifier")),
                ("titles", models.JSONField(default=dict, verbose_name="titles")),
                ("purpose", models.CharField(max_length=40, verbose_name="for which step")),
                (
                    "sensitive",
                    models.BooleanField(default=True, verbose_name="asks for sensitive data"),
                ),
                (
                    "open_to_apps",
                    models.BooleanField(default=False, verbose_name="open to outside apps"),
                ),
                ("created_at", models.DateTimeField(verbose_name="added")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forms",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "practice_of",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="practised_as",
                        to="forms.formdefinition",
                    ),
                ),
            ],
            options={
                "verbose_name": "form",
                "verbose_name_plural": "forms",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "form_id"), name="forms_one_of_an_id"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "purpose__in",
                                [
                                    "registration",
                                    "screening",
                                    "assistance",
                                    "child_protection",
                                    "tracing",
                                    "evidence",
                                    "financial_investigation",
                                    "sanctions",
                                    "statistics",
                                    "coordination",
                                    "administration",
                                    "data_protection",
                                    "security",
                                ],
                            )
                        ),
                        name="forms_purpose_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("open_to_apps", True),
                            ("practice_of__isnull", True),
                            ("sensitive", True),
                            _negated=True,
                        ),
                        name="forms_sensitive_stays_here",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("practice_of__isnull", True),
                            ("form_id__endswith", "-practice"),
                            _connector="OR",
                        ),
                        name="forms_practice_by_its_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormVersion",
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
                ("version", models.CharField(max_length=60, verbose_name="version")),
                ("xml", models.TextField()),
                ("md5", models.CharField(max_length=32)),
                ("source_sha256", models.CharField(max_length=64)),
                ("languages", models.JSONField(default=list, verbose_name="languages")),
                ("missing", models.JSONField(default=dict, verbose_name="not translated")),
                ("asks", models.JSONField(default=dict, verbose_name="what it asks")),
                ("added_at", models.DateTimeField(verbose_name="added")),
                ("published_at", models.DateTimeField(null=True, verbose_name="published")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="taken back")),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="forms.formdefinition",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a form",
                "verbose_name_plural": "versions of forms",
                "constraints": [
                    models.UniqueConstraint(fields=("form", "version"), name="forms_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at", None),
                            ("published_at__lte", models.F("withdrawn_at")),
                            _connector="OR",
                        ),
                        name="forms_withdrawn_after_published",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormMedia",
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
                ("filename", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("content", models.BinaryField()),
                ("md5", models.CharField(max_length=32)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="media",
                        to="forms.formversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a form",
                "verbose_name_plural": "files of forms",
                "constraints": [
                    models.UniqueConstraint(fields=("version", "filename"), name="forms_media_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
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
                ("instance", models.UUIDField()),
                ("replaces", models.UUIDField(null=True)),
                ("subject", models.UUIDField(db_index=True)),
                ("sealed_before_by", models.UUIDField(null=True)),
                (
                    "handed_over_at",
                    models.DateTimeField(null=True, verbose_name="added to a person’s record"),
                ),
                ("xml", marfa.safeguards.vault.fields.VaultBytesField()),
                ("sha256", marfa.safeguards.vault.fields.VaultTextField()),
                ("findings", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("findings_count", models.PositiveIntegerField(default=0)),
                ("waits_for", models.PositiveIntegerField(default=0)),
                ("doubles", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "arrived"),
                            ("checked", "checked"),
                            ("different", "with differences"),
                            ("accepted", "accepted"),
                            ("set_aside", "set aside"),
                        ],
                        default="received",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "practice",
                    models.BooleanField(default=False, editable=False, verbose_name="for practice"),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("openrosa", "an app on a device"), ("pages", "the pages")],
                        max_length=10,
                        verbose_name="by way of",
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="arrived")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="checked")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="decided")),
                (
                    "sentence",
                    marfa.safeguards.vault.fields.VaultTextField(null=True, verbose_name="why"),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="forms.formdefinition",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.site",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="forms.formversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "received form",
                "verbose_name_plural": "received forms",
                "indexes": [
                    models.Index(
                        fields=["organisation", "state", "received_at"], name="forms_queue"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("form", "instance"), name="forms_instance_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at__isnull", False),
                                ("state__in", ["accepted", "set_aside"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["accepted", "set_aside"]), _negated=True),
                                ("settled_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="forms_settled_with_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("practice", False),
                            models.Q(
                                ("handed_over_at", None),
                                ("sealed_before_by", None),
                                ("settled_at", None),
                                ("state__in", ["received", "checked", "different"]),
                            ),
                            _connector="OR",
                        ),
                        name="forms_practice_becomes_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
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
                ("subject", models.UUIDField(db_index=True)),
                ("name", marfa.safeguards.vault.fields.VaultTextField()),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="forms.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="FormDefinition",
            owner="organisation",
            kind="Form",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="FormVersion",
            owner="organisation",
            kind="Form",
            object_key="form",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="FormMedia",
            owner="organisation",
            kind="Form",
            object_key="version",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Submission",
            owner="organisation",
            kind="Submission",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Attachment",
            owner="organisation",
            kind="Submission",
            object_key="submission",
        ),
    ]
