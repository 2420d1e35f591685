import django.db.models.deletion
import marfa.domain.ids
import marfa.safeguards.vault.fields
from django.db import migrations, models

from marfa.platform.rowsecurity.operations import ProtectRows


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0005_owner_of_the_opened"),
        ("people", "0008_photograph"),
        ("proceedings", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="compelledact",
            name="may_leave",
            field=models.BooleanField(null=True, verbose_name="may leave"),
        ),
        migrations.AddConstraint(
            model_name="compelledact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("may_leave", None), ("reviewed_by__isnull", False), _connector="OR"
                ),
                name="proceedings_act_leaves_after_review",
            ),
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
                ("may_leave", models.BooleanField(null=True, verbose_name="may leave")),
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
                        to="people.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier review of an act",
                "verbose_name_plural": "earlier reviews of acts",
            },
        ),
        ProtectRows("earlierreview", owner="organisation", kind="Person", object_key="person"),
    ]
