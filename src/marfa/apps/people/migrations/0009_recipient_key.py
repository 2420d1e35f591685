"""A public key with a recipient, to which packages for it are encrypted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0008_photograph")]

    operations = [
        migrations.AddField(
            model_name="recipient",
            name="age_key",
            field=models.CharField(
                blank=True, default="", max_length=100, verbose_name="public key"
            ),
        ),
    ]
