from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("full_at", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["full_at"], name="limits_by_full_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("full_at__gte", 0)), name="limits_full_at_positive"
                    )
                ],
            },
        ),
    ]
