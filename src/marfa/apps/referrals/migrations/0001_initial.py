import django.db.models.deletion
import marfa.domain.ids
import marfa.platform.rowsecurity.operations
import marfa.safeguards.vault.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agreements", "0001_initial"),
        ("assistance", "0001_initial"),
        ("cases", "0001_initial"),
        ("consents", "0001_initial"),
        ("files", "0001_initial"),
        ("organisations", "0001_initial"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Referral",
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
                            ("referral", "referral: a part of the help"),
                            ("transfer", "transfer: the whole case"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("inside", "within this installation"),
                            ("package", "encrypted package"),
                            ("page", "page that opens once"),
                        ],
                        max_length=10,
                        verbose_name="way",
                    ),
                ),
                ("purpose", models.CharField(max_length=40, verbose_name="purpose")),
                (
                    "support",
                    models.CharField(blank=True, max_length=40, verbose_name="kind of help"),
                ),
                (
                    "urgency",
                    models.CharField(default="days", max_length=10, verbose_name="urgency"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "sent, waiting for an answer"),
                            ("question", "they have a question"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("returned", "returned"),
                            ("withdrawn", "withdrawn by the sender"),
                            ("came_back", "no answer: back with the sender"),
                            ("finished", "finished, with an outcome"),
                        ],
                        default="sent",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("note", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("told", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("sent_at", models.DateTimeField(verbose_name="sent")),
                ("sent_by", models.UUIDField(editable=False)),
                ("due_at", models.DateTimeField(verbose_name="answer by")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                ("answered_by", models.UUIDField(editable=False, null=True)),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("outcome", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="referrals",
                        to="cases.case",
                    ),
                ),
                (
                    "help",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="referrals",
                        to="assistance.help",
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
                    "package",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
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
                    "recipient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="agreements.recipient",
                    ),
                ),
                (
                    "sharing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="referrals",
                        to="consents.sharing",
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
            ],
            options={
                "verbose_name": "referral",
                "verbose_name_plural": "referrals",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["sent", "question"])),
                        fields=["due_at"],
                        name="referrals_referrals_open",
                    ),
                    models.Index(fields=["recipient", "state"], name="referrals_referrals_to"),
                    models.Index(fields=["site", "state"], name="referrals_referrals_to_site"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("recipient", None), ("site__isnull", False), ("way", "inside")
                            ),
                            models.Q(("recipient__isnull", False), ("site", None)),
                            _connector="OR",
                        ),
                        name="referrals_referred_to_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("support", ""),
                            (
                                "support__in",
                                (
                                    "shelter",
                                    "food_and_essentials",
                                    "safety_measures",
                                    "medical_care",
                                    "sexual_and_reproductive_health",
                                    "mental_health_and_psychosocial",
                                    "disability_support",
                                    "interpretation",
                                    "legal_advice",
                                    "civil_documentation",
                                    "residence_and_status",
                                    "family_tracing_and_reunification",
                                    "alternative_care",
                                    "childcare_and_parenting",
                                    "education",
                                    "vocational_training",
                                    "livelihood",
                                    "cash_assistance",
                                    "release_and_reintegration",
                                    "voluntary_return",
                                    "relocation_or_resettlement",
                                    "other",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="referrals_referred_for",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ("routine", "days", "now"))),
                        name="referrals_referral_urgency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None), ("state__in", ["sent", "question", "accepted"])
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                (
                                    "state__in",
                                    ["declined", "returned", "withdrawn", "came_back", "finished"],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="referrals_referral_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralPage",
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
                ("digest", models.CharField(editable=False, max_length=64)),
                ("word_digest", models.CharField(editable=False, max_length=128)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("until", models.DateTimeField(verbose_name="until")),
                ("opened_at", models.DateTimeField(null=True, verbose_name="opened")),
                ("shut_at", models.DateTimeField(null=True, verbose_name="shut")),
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
                    "referral",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="page",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "verbose_name": "page that opens once",
                "verbose_name_plural": "pages that open once",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "digest"), name="referrals_page_digest"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralWord",
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
                ("theirs", models.BooleanField()),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("at", models.DateTimeField(verbose_name="when")),
                ("by", models.UUIDField(editable=False, null=True)),
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
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "verbose_name": "message about a referral",
                "verbose_name_plural": "messages about referrals",
            },
        ),
        migrations.CreateModel(
            name="ForeignCase",
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
                ("source", models.CharField(max_length=80, verbose_name="organisation")),
                ("theirs", models.CharField(max_length=80, verbose_name="its reference")),
                ("said", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("read_at", models.DateTimeField(verbose_name="imported")),
                ("read_by", models.UUIDField(editable=False)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="foreign",
                        to="cases.case",
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
                "verbose_name": "case of another organisation",
                "verbose_name_plural": "cases of other organisations",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "source", "theirs"), name="referrals_foreign_once"
                    )
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="ForeignCase",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Referral",
            owner="organisation",
            kind="Referral",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="ReferralPage",
            owner="organisation",
            kind="Referral",
            object_key="referral",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="ReferralWord",
            owner="organisation",
            kind="Referral",
            object_key="referral",
        ),
    ]
