from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_lowering_withdrawn"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("state", "missed")),
                fields=["case"],
                name="cases_contacts_missed",
            ),
        ),
    ]
