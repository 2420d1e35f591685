import django.db.models.deletion
import marfa.domain.ids
from django.db import migrations, models

from marfa.platform.rowsecurity.operations import ProtectRows


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0005_owner_of_the_opened"),
    ]

    operations = [
        migrations.CreateModel(
            name="LookupKey",
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
                    "number",
                    models.PositiveSmallIntegerField(default=1, editable=False, unique=True),
                ),
                ("wrapped_key", models.BinaryField()),
                ("key_version", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "key of digests",
                "verbose_name_plural": "keys of digests",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number", 1)), name="finding_one_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LookupDigest",
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
                ("subject", models.UUIDField(editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("document", "document"), ("phone", "telephone")], max_length=20
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
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
                "verbose_name": "digest of a number",
                "verbose_name_plural": "digests of numbers",
                "indexes": [
                    models.Index(fields=["digest"], name="finding_by_digest"),
                    models.Index(fields=["subject"], name="finding_by_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "subject", "kind", "digest"),
                        name="finding_digest_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["document", "phone"])),
                        name="finding_digest_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
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
                ("searcher", models.UUIDField(editable=False)),
                ("subject", models.UUIDField(editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("protected", "would have met a protected person"),
                            ("many", "far more searches than usual"),
                            ("nothing", "many searches without a result"),
                            ("again", "met protected people again and again"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                ("day", models.DateField()),
                ("at", models.DateTimeField(verbose_name="when")),
                ("count", models.PositiveIntegerField(default=1)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.UUIDField(editable=False, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organisations.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice of searching",
                "verbose_name_plural": "notices of searching",
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at", None)),
                        fields=["organisation", "at"],
                        name="finding_open_notices",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("subject__isnull", False)),
                        fields=("organisation", "searcher", "kind", "subject", "day"),
                        name="finding_person_once_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("subject", None)),
                        fields=("organisation", "searcher", "kind", "day"),
                        name="finding_notice_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["protected", "many", "nothing", "again"])),
                        name="finding_notice_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled_at", None),
                            ("settled_at__gte", models.F("at")),
                            _connector="OR",
                        ),
                        name="finding_settled_after_it_came",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Search",
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
                ("searcher", models.UUIDField(editable=False)),
                ("at", models.DateTimeField()),
                ("found", models.PositiveSmallIntegerField()),
                ("met", models.JSONField(default=list)),
                ("reviewed", models.BooleanField(default=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organisations.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "search",
                "verbose_name_plural": "searches",
                "indexes": [
                    models.Index(fields=["searcher", "at"], name="finding_by_searcher"),
                    models.Index(
                        condition=models.Q(("reviewed", False)),
                        fields=["at"],
                        name="finding_unreviewed",
                    ),
                ],
            },
        ),
        ProtectRows("lookupdigest", owner="organisation", kind="Person", object_key="subject"),
        ProtectRows("search", owner="organisation", kind="Search", object_key="id"),
        ProtectRows("notice", owner="organisation", kind="Search", object_key="id"),
    ]
