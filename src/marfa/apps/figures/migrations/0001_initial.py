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
            name="SiteSnapshot",
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
                ("day", models.DateField(verbose_name="day")),
                ("made_at", models.DateTimeField(verbose_name="counted")),
                ("made_by", models.UUIDField(editable=False, null=True)),
                ("method", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("figures", models.JSONField(default=dict, editable=False)),
                ("shown", models.JSONField(default=dict, editable=False)),
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
                "verbose_name": "figures of a site on a day",
                "verbose_name_plural": "figures of sites on days",
                "indexes": [
                    models.Index(fields=["site", "-day", "-made_at"], name="figures_snapshot_of")
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="SiteSnapshot",
            owner="organisation",
            kind="SiteSnapshot",
        ),
    ]
