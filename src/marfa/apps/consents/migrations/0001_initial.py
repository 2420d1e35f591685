import django.db.models.deletion
import marfa.domain.ids
import marfa.platform.rowsecurity.operations
import marfa.safeguards.vault.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agreements", "0001_initial"),
        ("organisations", "0001_initial"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
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
                ("purpose", models.CharField(max_length=40, verbose_name="purpose")),
                (
                    "decision",
                    models.CharField(
                        choices=[("given", "said yes"), ("refused", "said no")],
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
                ("given_by", models.CharField(max_length=40, verbose_name="answered by")),
                ("how", models.CharField(max_length=40, verbose_name="how")),
                ("circumstance", models.CharField(max_length=40, verbose_name="circumstances")),
                ("language", models.CharField(max_length=3, verbose_name="language")),
                (
                    "interpreter",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="code of the interpreter"
                    ),
                ),
                ("text", models.CharField(max_length=60, verbose_name="text shown")),
                (
                    "text_version",
                    models.CharField(max_length=16, verbose_name="version of the text"),
                ),
                (
                    "text_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("reviewed", "reviewed")],
                        max_length=10,
                        verbose_name="state of the text",
                    ),
                ),
                ("understood", models.BooleanField(verbose_name="understood")),
                (
                    "no_doubt_of_age",
                    models.BooleanField(default=False, verbose_name="no doubt of age"),
                ),
                (
                    "opens_record",
                    models.BooleanField(default=False, verbose_name="the whole record"),
                ),
                ("child_view", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("at", models.DateTimeField(verbose_name="recorded on")),
                ("by", models.UUIDField(editable=False)),
                (
                    "guardian",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="consents",
                        to="registry.relationship",
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
                (
                    "recipient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="agreements.recipient",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="successors",
                        to="consents.consent",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "indexes": [
                    models.Index(
                        fields=["person", "purpose", "recipient"], name="consents_consent_to"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes__isnull", False)),
                        fields=("organisation", "supersedes"),
                        name="consents_consent_followed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "purpose__in",
                                (
                                    "registration",
                                    "screening",
                                    "assistance",
                                    "child_protection",
                                    "tracing",
                                    "evidence",
                                    "statistics",
                                ),
                            )
                        ),
                        name="consents_consent_purpose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("given_by__in", ("self", "self_with_support", "parent", "guardian")),
                            ("how__in", ("spoken", "written", "thumb_print", "recorded")),
                        ),
                        name="consents_consent_by_whom_and_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("circumstance__in", ("free", "held", "authority", "depends")),
                            models.Q(
                                ("decision", "refused"),
                                models.Q(("circumstance", "free"), ("decision", "given")),
                                _connector="OR",
                            ),
                        ),
                        name="consents_consent_is_free",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decision", "refused"), ("understood", True), _connector="OR"
                        ),
                        name="consents_consent_is_understood",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalBasisRecord",
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
                ("purpose", models.CharField(max_length=40, verbose_name="purpose")),
                ("ground", models.CharField(max_length=40, verbose_name="ground")),
                ("basis", models.CharField(max_length=40, verbose_name="legal basis")),
                ("reason", marfa.safeguards.vault.fields.VaultTextField()),
                ("child_view", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("review_on", models.DateField(verbose_name="review by")),
                ("at", models.DateTimeField(verbose_name="recorded on")),
                ("by", models.UUIDField(editable=False)),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
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
                    "recipient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bases",
                        to="agreements.recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "legal basis of a person’s data",
                "verbose_name_plural": "legal bases of persons’ data",
                "indexes": [
                    models.Index(
                        fields=["person", "purpose", "recipient"], name="consents_basis_to"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "purpose__in",
                                (
                                    "registration",
                                    "screening",
                                    "assistance",
                                    "child_protection",
                                    "tracing",
                                    "evidence",
                                    "statistics",
                                ),
                            )
                        ),
                        name="consents_basis_purpose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ground__in",
                                (
                                    "detention",
                                    "state_authority",
                                    "vital_interest",
                                    "best_interests",
                                    "legal_obligation",
                                ),
                            )
                        ),
                        name="consents_basis_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("basis__in", ["vital_interest", "public_interest", "legal_obligation"])
                        ),
                        name="consents_basis_is_not_consent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sharing",
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
                    "recipient_kind",
                    models.CharField(max_length=40, verbose_name="kind of recipient"),
                ),
                ("purpose", models.CharField(max_length=40, verbose_name="purpose")),
                ("fields", models.JSONField(default=list, verbose_name="fields")),
                ("tier", models.CharField(max_length=40, verbose_name="tier")),
                ("opening", models.UUIDField(editable=False, null=True)),
                ("at", models.DateTimeField(verbose_name="at")),
                ("by", models.UUIDField(editable=False)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sharings",
                        to="agreements.dataagreement",
                    ),
                ),
                (
                    "basis",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sharings",
                        to="consents.legalbasisrecord",
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sharings",
                        to="consents.consent",
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
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sharings",
                        to="agreements.recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "disclosure",
                "verbose_name_plural": "disclosures",
                "indexes": [models.Index(fields=["person", "at"], name="consents_shared_when")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "recipient_kind__in",
                                (
                                    "protection",
                                    "health",
                                    "child_protection",
                                    "tracing",
                                    "justice",
                                    "financial_intelligence",
                                    "statistics",
                                ),
                            )
                        ),
                        name="consents_shared_outside_firewall",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "purpose__in",
                                (
                                    "registration",
                                    "screening",
                                    "assistance",
                                    "child_protection",
                                    "tracing",
                                    "evidence",
                                    "statistics",
                                ),
                            )
                        ),
                        name="consents_shared_for",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", None), ("consent__isnull", False)),
                            models.Q(("basis__isnull", False), ("consent", None)),
                            _connector="OR",
                        ),
                        name="consents_shared_on_one_ground",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
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
                ("given_by", models.CharField(max_length=40, verbose_name="withdrawn by")),
                ("how", models.CharField(max_length=40, verbose_name="how")),
                ("at", models.DateTimeField(verbose_name="recorded on")),
                ("by", models.UUIDField(editable=False)),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="withdrawals",
                        to="consents.consent",
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
                "verbose_name": "withdrawal",
                "verbose_name_plural": "withdrawals",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "consent"), name="consents_withdrawn_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("given_by__in", ("self", "self_with_support", "parent", "guardian")),
                            ("how__in", ("spoken", "written", "thumb_print", "recorded")),
                        ),
                        name="consents_withdrawal_by_whom_and_how",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecallNotice",
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
                ("purpose", models.CharField(max_length=40, verbose_name="purpose")),
                ("since", models.DateTimeField(verbose_name="first sent")),
                ("made_at", models.DateTimeField(verbose_name="recorded on")),
                ("due_at", models.DateTimeField(verbose_name="tell by")),
                ("told_at", models.DateTimeField(null=True, verbose_name="told")),
                ("told_how", models.CharField(blank=True, max_length=40, verbose_name="how")),
                ("told_by", models.UUIDField(editable=False, null=True)),
                ("answer", models.CharField(blank=True, max_length=40, verbose_name="answer")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
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
                        related_name="+",
                        to="registry.person",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="agreements.recipient",
                    ),
                ),
                (
                    "withdrawal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="consents.withdrawal",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice of a withdrawal",
                "verbose_name_plural": "notices of withdrawals",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("told_at", None), ("told_how", "")),
                            models.Q(
                                ("told_at__isnull", False),
                                ("told_how__in", ("spoken", "written", "thumb_print", "recorded")),
                            ),
                            _connector="OR",
                        ),
                        name="consents_told_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None)),
                            models.Q(
                                (
                                    "answer__in",
                                    ("deleted", "returned", "keeps_by_law", "cannot", "no_answer"),
                                ),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="consents_answered_with",
                    ),
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Consent",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="LegalBasisRecord",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Sharing",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Withdrawal",
            owner="organisation",
            object_key="person",
        ),
    ]
