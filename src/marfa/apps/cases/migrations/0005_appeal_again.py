import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_newest_steps")]

    operations = [
        migrations.AlterField(
            model_name="formalidentification",
            name="appeals",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="appealed_by",
                to="cases.formalidentification",
            ),
        ),
        migrations.AddConstraint(
            model_name="formalidentification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("organisation", "appeals"),
                name="cases_one_appeal_stands",
            ),
        ),
    ]
