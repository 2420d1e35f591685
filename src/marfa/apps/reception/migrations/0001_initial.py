import django.db.models.deletion
import marfa.domain.ids
import marfa.platform.rowsecurity.operations
import marfa.safeguards.vault.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="QueueEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[("private_step", "seen alone")],
                        default="private_step",
                        max_length=20,
                    ),
                ),
                ("ticket", models.CharField(editable=False, max_length=8, verbose_name="ticket")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("called", "called"),
                            ("being_seen", "in interview"),
                            ("left", "left without being seen"),
                            ("done", "seen"),
                            ("declined", "said no"),
                            ("gone", "no longer at the site"),
                        ],
                        default="waiting",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("first", models.BooleanField(default=False, editable=False)),
                ("urgency", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("since", models.DateTimeField(verbose_name="waiting since")),
                ("due_at", models.DateTimeField(verbose_name="to be seen by")),
                ("called_at", models.DateTimeField(null=True)),
                ("called_by", models.UUIDField(editable=False, null=True)),
                ("again_on", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="queue_entries",
                        to="registry.person",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "place in the queue",
                "verbose_name_plural": "places in the queue",
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["site", "-first", "-urgency", "since", "id"],
                        name="reception_queue_order",
                    ),
                    models.Index(fields=["person"], name="reception_queue_of_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("organisation", "person", "step"),
                        name="reception_queue_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("organisation", "site", "ticket"),
                        name="reception_ticket_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None),
                                ("state__in", ("waiting", "called", "being_seen", "left")),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state__in", ("done", "declined", "gone")),
                            ),
                            _connector="OR",
                        ),
                        name="reception_queue_ended_when_over",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "left"), _negated=True),
                            ("again_on__isnull", False),
                            _connector="OR",
                        ),
                        name="reception_queue_left_comes_again",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__lte", 2)), name="reception_queue_urgency"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("step", "private_step")), name="reception_queue_step"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PrivateConversation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "in progress"),
                            ("finished", "finished"),
                            ("stopped", "stopped"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("held_by", models.UUIDField(editable=False)),
                ("began_at", models.DateTimeField(verbose_name="began")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("language", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("interpreter", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("conditions", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="reception.queueentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "private conversation",
                "verbose_name_plural": "private conversations",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "open")),
                            models.Q(
                                ("ended_at__isnull", False), ("state__in", ["finished", "stopped"])
                            ),
                            _connector="OR",
                        ),
                        name="reception_talk_ended_when_over",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("organisation", "person"),
                        name="reception_one_talk_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreeningReason",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("code", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("facts", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("sentence", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "origin",
                    models.CharField(
                        choices=[("rule", "a rule"), ("officer", "an officer")],
                        default="rule",
                        max_length=10,
                    ),
                ),
                ("urgency", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("raised_at", models.DateTimeField(verbose_name="raised")),
                ("raised_by", models.UUIDField(editable=False, null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                ("asked_by", models.UUIDField(editable=False, null=True)),
                ("asked_why", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                ("removed_by", models.UUIDField(editable=False, null=True)),
                ("removed_why", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "reason to see a person",
                "verbose_name_plural": "reasons to see people",
                "indexes": [models.Index(fields=["person"], name="reception_reason_of_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at", None), ("removed_by", None)),
                            models.Q(
                                ("removed_at__isnull", False),
                                ("removed_by__isnull", False),
                                ("asked_by__isnull", False),
                                models.Q(("removed_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reception_reason_removed_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__lte", 2)), name="reception_reason_urgency"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["rule", "officer"])),
                        name="reception_reason_origin",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConversationAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("question", models.CharField(editable=False, max_length=40)),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                ("stated", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("observed", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("note", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="reception.privateconversation",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer in a private conversation",
                "verbose_name_plural": "answers in private conversations",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "conversation", "question"),
                        name="reception_question_once",
                    )
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="ConversationAnswer",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="PrivateConversation",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="QueueEntry",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="ScreeningReason",
            owner="organisation",
            object_key="person",
        ),
    ]
