"""When a talk was put on record, where that was later than the talk: one that is made of a form."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0005_talks_from_forms"),
    ]

    operations = [
        migrations.AddField(
            model_name="screening",
            name="recorded_at",
            field=models.DateTimeField(null=True, verbose_name="put on record later"),
        ),
    ]
