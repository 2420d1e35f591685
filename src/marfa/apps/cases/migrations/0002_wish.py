from django.db import migrations, models

import marfa.safeguards.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="formalidentification",
            name="rests_on",
            field=models.CharField(
                choices=[
                    ("person", "the person’s own yes"),
                    ("guardian", "the person’s own yes and a verified guardian"),
                    ("basis", "the person’s own yes and another recorded ground"),
                ],
                default="person",
                max_length=10,
                verbose_name="what it rests on",
            ),
        ),
        migrations.AddField(
            model_name="formalidentification",
            name="wish",
            field=marfa.safeguards.vault.fields.VaultTextField(null=True),
        ),
        migrations.AddField(
            model_name="formalidentification",
            name="withdrawn_by",
            field=models.UUIDField(editable=False, null=True),
        ),
    ]
