import django.db.models.deletion
import marfa.domain.ids
import marfa.platform.rowsecurity.operations
import marfa.safeguards.vault.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Complaint",
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
                ("code", models.CharField(editable=False, max_length=9, verbose_name="code")),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("staff", "someone who works here"),
                            ("guard", "a guard or a police officer"),
                            ("interpreter", "an interpreter"),
                            ("peacekeeper", "a peacekeeper or a soldier"),
                            ("partner", "someone from another organisation"),
                            ("place", "the place or the rules, no one person"),
                            ("other", "someone else"),
                            ("unsaid", "I do not want to say, or do not know"),
                        ],
                        max_length=20,
                        verbose_name="about",
                    ),
                ),
                (
                    "matter",
                    models.CharField(
                        choices=[
                            ("sexual", "sexual exploitation, abuse or harassment"),
                            ("violence", "violence, threats or insults"),
                            ("money", "money, work or favours asked for help"),
                            ("secret", "something told in confidence was passed on"),
                            ("refused", "help was refused or came too late"),
                            ("other", "something else"),
                            ("unsaid", "I do not want to say, or do not know"),
                        ],
                        max_length=20,
                        verbose_name="what about",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "received, not looked into yet"),
                            ("in_hand", "being looked into"),
                            ("settled", "settled: it was looked into"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("due_at", models.DateTimeField(verbose_name="answer due by")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled")),
                ("text", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("contact", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
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
                "verbose_name": "complaint",
                "verbose_name_plural": "complaints",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "code"), name="complaints_code_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", False), ("state", "settled")),
                            models.Q(("state__in", ["received", "in_hand"]), ("settled_at", None)),
                            _connector="OR",
                        ),
                        name="complaints_settled_with_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "about__in",
                                [
                                    "staff",
                                    "guard",
                                    "interpreter",
                                    "peacekeeper",
                                    "partner",
                                    "place",
                                    "other",
                                    "unsaid",
                                ],
                            )
                        ),
                        name="complaints_about_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "matter__in",
                                [
                                    "sexual",
                                    "violence",
                                    "money",
                                    "secret",
                                    "refused",
                                    "other",
                                    "unsaid",
                                ],
                            )
                        ),
                        name="complaints_matter_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintNote",
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
                ("text", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("written_at", models.DateTimeField(verbose_name="written")),
                ("written_by", models.UUIDField(editable=False)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="complaints.complaint",
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
                "verbose_name": "note on a complaint",
                "verbose_name_plural": "notes on complaints",
            },
        ),
        migrations.CreateModel(
            name="NamedInComplaint",
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
                ("account", models.UUIDField(editable=False)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="named",
                        to="complaints.complaint",
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
                "verbose_name": "account named in a complaint",
                "verbose_name_plural": "accounts named in complaints",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("complaint", "account"), name="complaints_named_once"
                    )
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Complaint",
            owner="organisation",
            kind="Complaint",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="ComplaintNote",
            owner="organisation",
            kind="Complaint",
            object_key="complaint",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="NamedInComplaint",
            owner="organisation",
            kind="Complaint",
            object_key="complaint",
        ),
    ]
