"""Facts of screenings say where and by whom, what the answers gave, and how long it took."""

import marfa.platform.facts.columns
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0003_desk"),
    ]

    operations = [
        migrations.AddField(
            model_name="screeningfact",
            name="earlier",
            field=marfa.platform.facts.columns.CodeColumn(
                codes=["none_seen", "at_risk", "presumed_victim", "reasons_only", "not_finished"],
                default="not_finished",
                list_name="screening_indications",
            ),
        ),
        migrations.AddField(
            model_name="screeningfact",
            name="officer",
            field=marfa.platform.facts.columns.KeyColumn(null=True),
        ),
        migrations.AddField(
            model_name="screeningfact",
            name="rule",
            field=marfa.platform.facts.columns.CodeColumn(
                codes=["none_seen", "at_risk", "presumed_victim", "reasons_only", "not_finished"],
                default="not_finished",
                list_name="screening_indications",
            ),
        ),
        migrations.AddField(
            model_name="screeningfact",
            name="site",
            field=marfa.platform.facts.columns.KeyColumn(null=True),
        ),
        migrations.AddField(
            model_name="screeningfact",
            name="waited",
            field=marfa.platform.facts.columns.WholeColumn(highest=200000, lowest=0, null=True),
        ),
    ]
