import django.db.models.deletion
import marfa.domain.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TourProgress",
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
                ("desk", models.CharField(max_length=30, verbose_name="desk")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "under way"), ("left", "left"), ("finished", "over")],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("begun_at", models.DateTimeField(null=True, verbose_name="begun")),
                ("done", models.JSONField(default=list, verbose_name="done")),
                ("skipped", models.JSONField(default=list, verbose_name="skipped")),
                (
                    "user",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "progress in a tour",
                "verbose_name_plural": "progress in tours",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "desk"), name="tours_once_a_desk"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "left"),
                            models.Q(
                                ("begun_at__isnull", False), ("state__in", ["running", "finished"])
                            ),
                            _connector="OR",
                        ),
                        name="tours_state_known",
                    ),
                ],
            },
        ),
    ]
