from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="KeyVersion",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="keys_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("retired_at", None),
                            ("retired_at__gte", models.F("made_at")),
                            _connector="OR",
                        ),
                        name="keys_retired_after_made",
                    ),
                ],
            },
        ),
    ]
