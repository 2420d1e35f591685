"""What a form said, as a keyed digest, so that it never answers for somebody else."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0009_recipient_key")]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="digest",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
        ),
    ]
