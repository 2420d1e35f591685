"""Whether a consent was asked for the whole record, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0010_registration_digest")]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="opens_record",
            field=models.BooleanField(default=False, verbose_name="the whole record"),
        ),
    ]
