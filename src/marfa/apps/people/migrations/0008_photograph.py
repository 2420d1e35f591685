"""A photograph is a file. The column of before was never filled."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0002_owner"),
        ("people", "0007_figures"),
    ]

    operations = [
        migrations.RemoveField(model_name="person", name="photo"),
        migrations.AddField(
            model_name="person",
            name="photo",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
            ),
        ),
    ]
