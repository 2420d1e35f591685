from django.apps import AppConfig


class MigratingConfig(AppConfig):
    name = "marfa.platform.migration"
    label = "migrating"
