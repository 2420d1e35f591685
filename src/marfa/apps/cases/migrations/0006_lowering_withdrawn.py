from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_appeal_again"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="review",
            name="cases_reviewed_by_another",
        ),
        migrations.AlterField(
            model_name="review",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waits for a second person"),
                    ("agreed", "agreed"),
                    ("not_agreed", "not agreed"),
                    ("withdrawn", "not asked any more: it became more urgent"),
                ],
                default="waiting",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at", None), ("answered_by", None), ("state", "waiting")),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by", None),
                        ("state", "withdrawn"),
                    ),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("state__in", ["agreed", "not_agreed"]),
                        ("answered_by__isnull", False),
                        models.Q(("answered_by", models.F("asked_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="cases_reviewed_by_another",
            ),
        ),
    ]
