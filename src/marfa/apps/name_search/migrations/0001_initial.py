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
                        condition=models.Q(("number", 1)), name="name_search_one_key"
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
                ("rule", models.PositiveSmallIntegerField(default=1)),
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
                    models.Index(fields=["digest"], name="name_search_by_digest"),
                    models.Index(fields=["subject"], name="name_search_by_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "subject", "kind", "digest"),
                        name="name_search_digest_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["document", "phone"])),
                        name="name_search_digest_kind_known",
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
                            ("again", "repeatedly met protected people"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("search", "by searching"),
                            ("address", "by the address of a page"),
                            ("duplicate", "while registering a person"),
                            ("tracing", "in tracing"),
                        ],
                        default="search",
                        max_length=20,
                        verbose_name="how",
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
                        name="name_search_open_notices",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("subject__isnull", False)),
                        fields=("organisation", "searcher", "kind", "subject", "day"),
                        name="name_search_person_once_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("subject", None)),
                        fields=("organisation", "searcher", "kind", "day"),
                        name="name_search_notice_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["protected", "many", "nothing", "again"])),
                        name="name_search_notice_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled_at", None),
                            ("settled_at__gte", models.F("at")),
                            _connector="OR",
                        ),
                        name="name_search_settled_after_it_came",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("way__in", ["search", "address", "duplicate", "tracing"])
                        ),
                        name="name_search_notice_way_known",
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
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("search", "by searching"),
                            ("address", "by the address of a page"),
                            ("duplicate", "while registering a person"),
                            ("tracing", "in tracing"),
                        ],
                        default="search",
                        max_length=20,
                    ),
                ),
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
                    models.Index(fields=["searcher", "at"], name="name_search_by_searcher"),
                    models.Index(
                        condition=models.Q(("reviewed", False)),
                        fields=["at"],
                        name="name_search_unreviewed",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("way__in", ["search", "address", "duplicate", "tracing"])
                        ),
                        name="name_search_way_known",
                    )
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="LookupDigest",
            owner="organisation",
            object_key="subject",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Notice",
            owner="organisation",
            kind="Search",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Search",
            owner="organisation",
            kind="Search",
        ),
    ]
