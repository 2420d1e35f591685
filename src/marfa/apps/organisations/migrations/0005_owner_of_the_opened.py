"""An opening names the owner of what it opens; openings from before let nothing be written."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0004_roles_alone")]

    operations = [
        migrations.AddField(
            model_name="accessgrant",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="opened_objects",
                to="organisations.organisation",
            ),
        ),
    ]
