import django.db.models.deletion
import marfa.domain.ids
import marfa.platform.rowsecurity.operations
import marfa.safeguards.vault.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("consents", "0001_initial"),
        ("organisations", "0001_initial"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CompelledAct",
            fields=[
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
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("with_counsel", models.BooleanField(verbose_name="counsel was there")),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("entered_at", models.DateTimeField(verbose_name="recorded on")),
                ("entered_by", models.UUIDField(editable=False)),
                ("reviewed_at", models.DateTimeField(null=True, verbose_name="reviewed")),
                ("reviewed_by", models.UUIDField(editable=False, null=True)),
                ("review", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("may_leave", models.BooleanField(null=True, verbose_name="may be sent")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "act under compulsion",
                "verbose_name_plural": "acts under compulsion",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("with_counsel", True)),
                        name="proceedings_act_with_counsel",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at", None), ("reviewed_by", None)),
                            models.Q(
                                ("reviewed_at__isnull", False),
                                ("reviewed_by__isnull", False),
                                models.Q(("reviewed_by", models.F("entered_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="proceedings_act_reviewed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("may_leave", None), ("reviewed_by__isnull", False), _connector="OR"
                        ),
                        name="proceedings_act_leaves_after_review",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActDisclosed",
            fields=[
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
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("by", models.UUIDField(editable=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
                (
                    "sharing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="consents.sharing",
                    ),
                ),
                (
                    "act",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="disclosed",
                        to="proceedings.compelledact",
                    ),
                ),
            ],
            options={
                "verbose_name": "disclosure of an act",
                "verbose_name_plural": "disclosures of acts",
            },
        ),
        migrations.CreateModel(
            name="Cooperation",
            fields=[
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
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("asked", "was asked, no answer yet"),
                            ("willing", "wants to cooperate"),
                            ("unwilling", "does not want to cooperate"),
                            ("complained", "has filed a complaint"),
                            ("testified", "has testified"),
                            ("stopped", "no longer wants to take part"),
                        ],
                        max_length=12,
                        verbose_name="answer",
                    ),
                ),
                ("authority", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("at", models.DateTimeField(verbose_name="when")),
                ("by", models.UUIDField(editable=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to an investigation",
                "verbose_name_plural": "answers to investigations",
            },
        ),
        migrations.CreateModel(
            name="EarlierReview",
            fields=[
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
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("may_leave", models.BooleanField(null=True, verbose_name="may be sent")),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("at", models.DateTimeField(verbose_name="when")),
                ("by", models.UUIDField(editable=False)),
                (
                    "act",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="earlier",
                        to="proceedings.compelledact",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier review of an act",
                "verbose_name_plural": "earlier reviews of acts",
            },
        ),
        migrations.CreateModel(
            name="Measure",
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
                ("version", models.PositiveIntegerField(default=1, editable=False)),
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("residence", "residence permit"),
                            ("witness", "witness protection"),
                            ("compensation", "compensation in a trial"),
                            ("other", "another measure"),
                        ],
                        max_length=15,
                        verbose_name="measure",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "requested, not decided"),
                            ("granted", "granted"),
                            ("refused", "refused"),
                            ("ended", "no longer in force"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("until", models.DateField(null=True, verbose_name="in force until")),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("asked_at", models.DateTimeField(verbose_name="recorded on")),
                ("asked_by", models.UUIDField(editable=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "measure tied to proceedings",
                "verbose_name_plural": "measures tied to proceedings",
            },
        ),
        migrations.CreateModel(
            name="NonPunishment",
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
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="counsel requested")),
                ("asked_by", models.UUIDField(editable=False)),
                ("counsel_at", models.DateTimeField(null=True, verbose_name="counsel found")),
                ("counsel", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "possible non-punishment",
                "verbose_name_plural": "possible non-punishments",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "person"), name="proceedings_nonpunishment_once"
                    )
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="ActDisclosed",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="CompelledAct",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Cooperation",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="EarlierReview",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Measure",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="NonPunishment",
            owner="organisation",
            object_key="person",
        ),
    ]
