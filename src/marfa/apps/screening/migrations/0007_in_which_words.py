"""In which language each question was put: a talk may change it, and not every list has all."""

from django.db import migrations

import marfa.safeguards.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0006_put_on_record_later"),
    ]

    operations = [
        migrations.AddField(
            model_name="screening",
            name="worded",
            field=marfa.safeguards.vault.fields.VaultJSONField(null=True),
        ),
    ]
