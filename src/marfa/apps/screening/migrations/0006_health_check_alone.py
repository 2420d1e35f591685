import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0005_indicators"),
    ]

    operations = [
        migrations.AlterField(
            model_name="healthcheck",
            name="screening",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="health_check",
                to="screening.screening",
            ),
        ),
    ]
