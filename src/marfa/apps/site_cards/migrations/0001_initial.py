import django.db.models.deletion
import marfa.domain.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteCard",
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
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="telephone")),
                ("opening", models.CharField(blank=True, max_length=200, verbose_name="open when")),
                (
                    "languages",
                    models.JSONField(blank=True, default=list, verbose_name="languages spoken"),
                ),
                (
                    "note",
                    models.TextField(blank=True, max_length=2000, verbose_name="how to get there"),
                ),
                (
                    "site",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="card",
                        to="organisations.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "site card",
                "verbose_name_plural": "site cards",
            },
        ),
    ]
