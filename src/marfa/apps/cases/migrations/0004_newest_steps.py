from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_foreign"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="casestep",
            index=models.Index(fields=["-at", "-id"], name="cases_steps_newest"),
        ),
    ]
