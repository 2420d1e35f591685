"""A talk may be made of a form that came in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0004_figures"),
    ]

    operations = [
        migrations.AddField(
            model_name="screening",
            name="submission",
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
    ]
