"""The desk: texts of a site, steps in a danger, and a no to protection."""

import django.db.models.deletion
import marfa.domain.ids
import marfa.safeguards.vault.fields
from django.db import migrations, models

from marfa.platform.rowsecurity.operations import ProtectRows


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0005_owner_of_the_opened"),
        ("people", "0004_queue"),
        ("screening", "0002_owner_of_facts"),
    ]

    operations = [
        migrations.CreateModel(
            name="DangerStep",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("immediate", "Somebody is in danger now"),
                            ("self_harm", "The person may hurt themselves"),
                            ("medical", "A medical emergency"),
                            ("child_alone", "A child is alone"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("done", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("at", models.DateTimeField(verbose_name="written down")),
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
                        to="people.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "step taken in a danger",
                "verbose_name_plural": "steps taken in dangers",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["immediate", "self_harm", "medical", "child_alone"])
                        ),
                        name="screening_danger_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteWords",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("duties", "What has to be reported at this site"),
                            ("immediate", "Somebody is in danger now"),
                            ("self_harm", "The person may hurt themselves"),
                            ("medical", "A medical emergency"),
                            ("child_alone", "A child is alone"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("language", models.CharField(max_length=20, verbose_name="language")),
                ("text", models.TextField(verbose_name="text")),
                ("written_by", models.UUIDField(editable=False, null=True)),
                ("written_at", models.DateTimeField(verbose_name="written")),
                ("reviewed_by", models.UUIDField(editable=False, null=True)),
                ("reviewed_at", models.DateTimeField(null=True, verbose_name="reviewed")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a site",
                "verbose_name_plural": "texts of sites",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "kind", "language"), name="screening_words_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["duties", "immediate", "self_harm", "medical", "child_alone"],
                            )
                        ),
                        name="screening_words_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at", None), ("reviewed_by", None)),
                            models.Q(
                                ("reviewed_at__isnull", False),
                                ("reviewed_by__isnull", False),
                                models.Q(
                                    ("written_by", None),
                                    models.Q(
                                        ("reviewed_by", models.F("written_by")), _negated=True
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="screening_words_by_two",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="screening",
            name="help_declined_at",
            field=models.DateTimeField(null=True, verbose_name="said no to protection"),
        ),
        migrations.AddField(
            model_name="screening",
            name="reach",
            field=marfa.safeguards.vault.fields.VaultTextField(null=True),
        ),
        migrations.AddConstraint(
            model_name="screening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("help_declined_at", None), ("state", "finished"), _connector="OR"
                ),
                name="screening_declined_after_end",
            ),
        ),
        migrations.AddField(
            model_name="dangerstep",
            name="screening",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="dangers",
                to="screening.screening",
            ),
        ),
        ProtectRows("dangerstep", owner="organisation", kind="Person", object_key="person"),
    ]
