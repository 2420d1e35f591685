"""By which rule a digest was made stands beside it, so that a job makes earlier ones anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("finding", "0002_protecting_organisation"),
    ]

    operations = [
        migrations.AddField(
            model_name="lookupdigest",
            name="rule",
            field=models.PositiveSmallIntegerField(default=1),
        ),
    ]
