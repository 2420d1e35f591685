"""How somebody looked for people stands beside that they did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("finding", "0001_initial"),
        ("organisations", "0005_owner_of_the_opened"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="way",
            field=models.CharField(
                choices=[
                    ("search", "by searching"),
                    ("address", "by the address of a page"),
                    ("duplicate", "while registering somebody"),
                    ("tracing", "in tracing"),
                ],
                default="search",
                max_length=20,
                verbose_name="how",
            ),
        ),
        migrations.AddField(
            model_name="search",
            name="way",
            field=models.CharField(
                choices=[
                    ("search", "by searching"),
                    ("address", "by the address of a page"),
                    ("duplicate", "while registering somebody"),
                    ("tracing", "in tracing"),
                ],
                default="search",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["search", "address", "duplicate", "tracing"])),
                name="finding_notice_way_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="search",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["search", "address", "duplicate", "tracing"])),
                name="finding_way_known",
            ),
        ),
    ]
