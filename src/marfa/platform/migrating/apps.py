from django.apps import AppConfig


class MigratingConfig(AppConfig):
    name = "marfa.platform.migrating"
    label = "migrating"
