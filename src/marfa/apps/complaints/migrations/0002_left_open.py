from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="complaint", name="complaints_about_known"),
        migrations.RemoveConstraint(model_name="complaint", name="complaints_matter_known"),
        migrations.AlterField(
            model_name="complaint",
            name="about",
            field=models.CharField(
                choices=[
                    ("staff", "somebody who works here"),
                    ("guard", "a guard or a police officer"),
                    ("interpreter", "an interpreter"),
                    ("peacekeeper", "a peacekeeper or a soldier"),
                    ("partner", "somebody of another organisation"),
                    ("place", "the place or the rules, no one person"),
                    ("other", "somebody else"),
                    ("unsaid", "I do not want to say, or do not know"),
                ],
                max_length=20,
                verbose_name="about whom",
            ),
        ),
        migrations.AlterField(
            model_name="complaint",
            name="matter",
            field=models.CharField(
                choices=[
                    ("sexual", "sexual exploitation, abuse or harassment"),
                    ("violence", "violence, threats or insults"),
                    ("money", "money, work or favours asked for help"),
                    ("secret", "something told in confidence was passed on"),
                    ("refused", "help was refused or came too late"),
                    ("other", "something else"),
                    ("unsaid", "I do not want to say, or do not know"),
                ],
                max_length=20,
                verbose_name="what about",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    about__in=[
                        *("staff", "guard", "interpreter", "peacekeeper"),
                        *("partner", "place", "other", "unsaid"),
                    ]
                ),
                name="complaints_about_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    matter__in=[
                        *("sexual", "violence", "money"),
                        *("secret", "refused", "other", "unsaid"),
                    ]
                ),
                name="complaints_matter_known",
            ),
        ),
    ]
