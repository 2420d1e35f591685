from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("screening", "0006_health_check_alone")]

    operations = [
        migrations.AddField(
            model_name="screening", name="words", field=models.JSONField(default=dict)
        ),
    ]
